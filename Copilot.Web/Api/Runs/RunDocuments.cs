using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Api.Runs;

/// <summary>Reads runs as the API answers them.</summary>
internal sealed class RunDocuments(IRunEventStore store)
{
    /// <summary>A run with what its caller has sent along.</summary>
    public async Task<RunDocument> ReadAsync(RunSummary run, CancellationToken cancellationToken)
    {
        var first = run.ForgottenAt is null ? await store.ReadAsync(run.RunId, after: 0, limit: 1, cancellationToken) : [];
        return RunDocument.From(run, first is [{ Payload: RunCreated created }] ? created.Metadata : null);
    }
}
