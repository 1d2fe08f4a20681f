using Copilot.Web.Components.Supervision;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Supervision.Help;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Help;

/// <summary>The supervisors' inbox: who waits for help, who helps, and how long those waited who were helped.</summary>
public sealed partial class HelpPage(TimeProvider time, ILogger<HelpPage> logger) : WatchingPage(time, logger)
{
    private const int ClosedCount = 30;

    private readonly StillRows<HelpEntry> _open = new(entry => entry.Request.Id);
    private HelpInbox? _inbox;
    private ScriptModule? _script;
    private bool _denied;
    private string? _arrived;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => Requests.Changed;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Writes the waits.
            _script = new ScriptModule(Js, "./Components/Timeline/RunTimeline.razor.js");
            await _script.TryImportAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var reader = await Current.FindAsync(cancellationToken);
        var before = _inbox;
        _inbox = reader is null ? null : await Requests.ReadInboxAsync(reader.Id, ClosedCount, cancellationToken);
        _open.Set(_inbox?.Open ?? []);
        _denied = _inbox is null;
        if (before is not null && _inbox?.Open is [.., var newest] && before.Open.All(entry => entry.Request.Id != newest.Request.Id))
        {
            _arrived = HelpText.Arrived(newest);
        }

        return !_denied;
    }

    private static string Title(HelpEntry entry) => entry.Title.Length == 0 ? HelpText.Untitled : entry.Title;

    private static string Reason(HelpEntry entry) => entry.Reason.Length == 0 ? HelpText.ReasonDeleted : entry.Reason;

    private Task AcceptAsync(HelpEntry entry) => DoAsync(token => Requests.AcceptAsync(User.Id, entry.Request.Id, token));

    private Task CloseAsync(HelpEntry entry) => DoAsync(token => Requests.CloseAsync(User.Id, entry.Request.Id, token));

    private async Task DoAsync(Func<CancellationToken, Task<CommandResult>> command)
    {
        var result = await StorageTimeout.RunAsync(Time, SessionText.CommandSlow, command, Left);
        if (!result.Accepted)
        {
            Toasts.Warn(result.Problem ?? HelpText.NotDone);
        }
    }
}
