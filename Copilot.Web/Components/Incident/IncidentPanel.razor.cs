using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Supervision.Incident;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Copilot.Web.Components.Incident;

/// <summary>The levers for an incident: all of them for admins; supervisors stop what they are shown.</summary>
public sealed partial class IncidentPanel(TimeProvider time, ILogger<IncidentPanel> logger) : IAsyncDisposable
{
    private readonly StopSource _stop = new();
    private IReadOnlyList<Lever> _set = [];
    private IReadOnlyList<(string Id, string Name)> _agents = [];
    private Task _loop = Task.CompletedTask;
    private string _agent = "";
    private string _tool = "";

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    /// <summary>The runs that a bulk stop is about, at the moment it is asked for: what the filter shows.</summary>
    [Parameter, EditorRequired]
    public required Func<IReadOnlyList<RunSummary>> Shown { get; set; }

    /// <summary>Stops looking.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _loop = ChangeWatcher.FollowAsync(() => Levers.Changed, RefreshAsync, time, logger, _stop.Token);
        _agents = await Targets.ReadAgentsAsync(_stop.Token);
        _agent = _agents.Count > 0 ? _agents[0].Id : "";
        _tool = Targets.Tools is [var first, ..] ? first.Name : "";
    }

    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        await InvokeAsync(() =>
        {
            _set = Levers.Set;
            StateHasChanged();
        });
        return true;
    }

    private string NameOf(Lever lever) => lever.Kind is LeverKind.ToolOff ? TitleOf(lever.Target) : AgentOf(lever.Target);

    private string TitleOf(string tool) => Targets.Tools.FirstOrDefault(one => one.Name == tool).Title ?? tool;

    private string AgentOf(string id) => _agents.FirstOrDefault(one => one.Id == id).Name ?? id;

    private Task StopAllAsync() =>
        SetAsync(LeverKind.StopIntakeAll, "", IncidentText.StopAll, IncidentText.StopAllDetails, IncidentText.StopVerb, IncidentText.StopAllDone);

    private Task StopAgentAsync() => SetAsync(
        LeverKind.StopIntakeAgent,
        _agent,
        IncidentText.StopAgentTitle(AgentOf(_agent)),
        IncidentText.StopAgentDetails(AgentOf(_agent)),
        IncidentText.StopVerb,
        IncidentText.StopAllDone);

    private Task SwitchOffAsync() => SetAsync(
        LeverKind.ToolOff, _tool, IncidentText.SwitchOffTitle(TitleOf(_tool)), IncidentText.SwitchOffDetails, IncidentText.SwitchOffVerb, IncidentText.SwitchOffDone);

    private async Task SetAsync(LeverKind kind, string target, string title, string details, string verb, string done)
    {
        Lever? set = null;
        if (await ReasonDialog.AskAsync(
            Dialogs,
            title,
            [details],
            IncidentText.Reason,
            verb,
            isDanger: true,
            reason => ChangeAsync(async (by, token) =>
            {
                var change = await Levers.SetAsync(by, kind, target, reason, token);
                set = change.Lever;
                return change;
            })))
        {
            Toasts.Say(done, () => set is null ? Task.CompletedTask : UndoAsync(set));
        }
    }

    private async Task UndoAsync(Lever lever)
    {
        var result = await ChangeAsync((by, token) => Levers.UndoAsync(by, lever.Id, token));
        if (result.Accepted)
        {
            Toasts.Say(IncidentText.Undone);
        }
        else
        {
            Toasts.Warn(result.Problem ?? IncidentText.NotDone);
        }
    }

    private Task<CommandResult> ChangeAsync(Func<ChangedBy, CancellationToken, Task<LeverChange>> change) => StorageTimeout.RunAsync(
        time,
        SessionText.CommandSlow,
        async token => await Changing.FindAsync(token) is { } by
            ? (await change(by, token)).Result
            : CommandResult.Refused(RefusalCode.Denied, IncidentText.SignedOut),
        _stop.Token);

    private async Task StopShownAsync()
    {
        var runs = Shown();
        if (runs.Count == 0)
        {
            Toasts.Say(IncidentText.NoRuns);
            return;
        }

        var dialog = await Dialogs.ShowAsync<BulkStopDialog>(
            IncidentText.StopRuns,
            new DialogParameters<BulkStopDialog> { { one => one.Runs, runs } },
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, BackdropClick = false });
        await dialog.Result;
    }
}
