using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Responses.Sessions;

/// <summary>A compacted conversation: the start of the next input, to be sent unchanged.</summary>
/// <param name="Items">The API's <c>output</c>, at least one item.</param>
/// <param name="Usage">Token usage, or null where the upstream does not report it.</param>
internal sealed record CompactedInput(IReadOnlyList<InputItem> Items, ResponseUsage? Usage);
