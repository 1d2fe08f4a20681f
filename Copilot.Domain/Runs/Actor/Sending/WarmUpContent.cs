using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Runs.Actor.Sending;

/// <summary>What a warm-up tells the upstream: all that is known before the message.</summary>
internal sealed record WarmUpContent(ResponseSettings Settings, IReadOnlyList<InputItem> KnownInput);
