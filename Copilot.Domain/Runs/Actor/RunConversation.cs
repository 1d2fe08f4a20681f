using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Input;

namespace Copilot.Domain.Runs.Actor;

/// <summary>The conversation that a run's requests carry: what came before the run, and the run's own part.</summary>
internal sealed class RunConversation(RunRecorder recorder)
{
    private IReadOnlyList<InputItem> _ancestors = [];

    /// <summary>All of it, oldest first. After a compaction the run's own part is all there is.</summary>
    public IReadOnlyList<InputItem> Whole => recorder.Input.IsWhole
        ? recorder.Input.Items
        : [.. recorder.Input.Omissions.Aggregate(_ancestors.AsEnumerable(), InputFold.Without), .. recorder.Input.Items];

    /// <summary>Reads what came before the run. Once, before the first request.</summary>
    public async Task ReadAncestorsAsync(SessionHistory history, RunCreation creation, bool upstreamStores) =>
        _ancestors = await history
            .ReadAsync(creation.ParentRunId, creation.ParentSeq, upstreamStores, CancellationToken.None).ConfigureAwait(false);
}
