using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Responses.Sessions;

/// <summary>A conversation that was made short: the beginning of the next input, to be passed on as it is.</summary>
/// <param name="Items">The API's <c>output</c>, at least one item.</param>
/// <param name="Usage">What it cost, or null where the upstream does not say.</param>
internal sealed record CompactedInput(IReadOnlyList<InputItem> Items, ResponseUsage? Usage);
