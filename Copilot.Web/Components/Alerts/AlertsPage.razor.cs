using System.Globalization;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Supervision.Alerts;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Alerts;

/// <summary>Every open alert that the reader may see: what it is about, who has it, and what to do.</summary>
public sealed partial class AlertsPage(TimeProvider time, ILogger<AlertsPage> logger) : WatchingPage(time, logger)
{
    private static readonly TimeSpan s_snooze = TimeSpan.FromMinutes(15);

    private readonly StillRows<AlertEntry> _alerts = new(entry => entry.Alert.Id);
    private bool _isRead;
    private ScriptModule? _clocks;
    private ScriptModule? _script;
    private string? _notify;
    private bool _denied;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    private string Title => _alerts.Shown.Count(entry => !_alerts.IsGone(entry) && entry.Alert.IsWaiting(Time.GetUtcNow())) is > 0 and var count
        ? string.Create(CultureInfo.InvariantCulture, $"({count}) {AlertText.Alerts}")
        : AlertText.Alerts;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        foreach (var script in (ScriptModule?[])[_clocks, _script])
        {
            if (script is not null)
            {
                await script.DisposeAsync();
            }
        }

        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => Alerts.Changed;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Writes the ages.
            _clocks = new ScriptModule(Js, "./Components/Timeline/RunTimeline.razor.js");
            await _clocks.TryImportAsync();
            _script = new ScriptModule(Js, "./Components/Alerts/AlertWatch.razor.js");
            _notify = await _script.InvokeAsync<string>("state", User.Id);
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var reader = await Current.FindAsync(cancellationToken);
        var alerts = reader is null ? null : await Alerts.ReadAsync(reader.Id, cancellationToken);
        _denied = alerts is null;
        _alerts.Set(alerts ?? []);
        _isRead = true;
        return !_denied;
    }

    private static string Address(AlertEntry entry) => entry.Alert.Seq is { } seq
        ? string.Create(CultureInfo.InvariantCulture, $"/runs/{entry.Alert.RunId}?seq={seq}")
        : $"/runs/{entry.Alert.RunId}";

    private string Kind(AlertEntry entry) => AlertText.Kind(entry.Alert, Titles.All.GetValueOrDefault(entry.Alert.Tool ?? ""));

    private string About(string verb, AlertEntry entry) => AlertText.About(verb, entry.Person, Kind(entry));

    private async Task NotifyAsync(bool wanted) => _notify = _script is null ? _notify : await _script.InvokeAsync<string>("choose", User.Id, wanted);

    private async Task DoAsync(Func<CancellationToken, Task<CommandResult>> command)
    {
        var result = await StorageTimeout.RunAsync(Time, SessionText.CommandSlow, command, Left);
        if (!result.Accepted)
        {
            Toasts.Warn(result.Problem ?? AlertText.NotDone);
        }
    }
}
