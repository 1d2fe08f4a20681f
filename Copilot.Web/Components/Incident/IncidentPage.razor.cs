using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity;
using Copilot.Web.Sessions;

namespace Copilot.Web.Components.Incident;

/// <summary>The levers on a page of their own, about all that runs in the reader's scope.</summary>
public sealed partial class IncidentPage(TimeProvider time, ILogger<IncidentPage> logger) : WatchingPage(time, logger)
{
    private UserInfo? _reader;
    private bool _denied;

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => Levers.Changed;

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _reader = await Current.FindAsync(cancellationToken);
        _denied = _reader is not { Role: Roles.Supervisor or Roles.Admin };
        return !_denied;
    }

    private List<RunSummary> Running() =>
        [.. Directory.Live.Where(run => _reader!.IsAdmin || run.TeamId == _reader.TeamId).OrderBy(run => run.CreatedAt)];
}
