using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Actor;

/// <summary>What a run does before it is one: its connection is opened and warmed while the user types.</summary>
internal sealed partial class RunActor
{
    /// <summary>Begins to open the connection of a run that may come. Nothing is recorded until it comes.</summary>
    /// <param name="request">Whose run it would be.</param>
    /// <param name="parent">The run that it would continue, at rest, or null for a new conversation.</param>
    public void Prepare(RunPreparationRequest request, RunSummary? parent) => _upstream.Prepare(async cancellationToken =>
    {
        // What the upstream keeps must be known to a run, so that it can be forgotten. Nobody knows a warm-up that is not used.
        if (_upstreamOptions.WarmUp is not WarmUpMode.Request || _upstreamOptions.Store)
        {
            return null;
        }

        var known = await _history
            .ReadAsync(parent?.RunId, parent?.HeadSeq, _upstreamOptions.Store, cancellationToken).ConfigureAwait(false);
        var creation = _tools.Hosted.Offer(new RunCreation
        {
            SessionId = request.SessionId,
            Owner = request.Owner,
            Agent = request.Agent,
            Metadata = new Dictionary<string, string>(),
        });
        return new WarmUpContent(RunSettings.Of(creation, _upstreamOptions, _registry, _tools.Hosted), await _upstream.WithFilesAsync(known, cancellationToken).ConfigureAwait(false));
    });

    private void RecordWarmed(ConnectNotice.Warmed warmed)
    {
        Recorder.Record(new TransportWarmed(warmed.ResponseId, warmed.InputItems, warmed.Bytes, warmed.Usage));
        if (warmed.Usage != default)
        {
            RecordCost(CostSubject.WarmUp, warmed.ResponseId, model: null, Creation.Agent.Model ?? _upstreamOptions.Model, warmed.Usage);
        }
    }
}
