using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools.Switches;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs.Actor.Sending;

/// <summary>Opens and warms the connection of a run that may come, while its user types.</summary>
internal sealed class RunPreparer(
    RunUpstream upstream,
    SessionHistory history,
    ToolRegistry tools,
    HostedToolCatalog hosted,
    IToolSwitches switches,
    IOptions<UpstreamOptions> options,
    IOptions<RunOptions> runOptions)
{
    /// <summary>Begins to open the connection of a run that may come. Nothing is recorded until it comes.</summary>
    /// <param name="request">Whose run it would be.</param>
    /// <param name="parent">The run that it would continue, at rest, or null for a new conversation.</param>
    public void Prepare(RunPreparationRequest request, RunHead? parent) => upstream.Prepare(async cancellationToken =>
    {
        // What the upstream keeps must be known to a run, so that it can be forgotten. Nobody knows a warm-up that is not used.
        if (options.Value.WarmUp is not WarmUpMode.Request || options.Value.Store)
        {
            return null;
        }

        var known = await history
            .ReadAsync(parent?.RunId, parent?.HeadSeq, options.Value.Store, cancellationToken).ConfigureAwait(false);
        var creation = hosted.Offer(new RunCreation
        {
            SessionId = request.SessionId,
            Owner = request.Owner,
            Agent = request.Agent,
            Metadata = new Dictionary<string, string>(),
        });
        return new WarmUpContent(
            RunSettings.Of(creation, options.Value, runOptions.Value, tools, hosted, switches),
            await upstream.WithFilesAsync(known, cancellationToken).ConfigureAwait(false));
    });
}
