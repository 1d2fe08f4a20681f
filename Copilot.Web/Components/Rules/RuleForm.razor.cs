using Copilot.Domain.Audit;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Audit;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Supervision.Rules;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Rules;

/// <summary>Writes a rule or changes one. What is saved has been tried on the past as it is.</summary>
public sealed partial class RuleForm(TimeProvider time, ILogger<RuleForm> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(200);

    private readonly string _titleId = $"rule-{Guid.NewGuid():N}";
    private readonly StopSource _left = new();
    private IReadOnlyList<(string Id, string Name)> _agents = [];
    private RuleFields _fields = new();
    private ElementReference _name;
    private CancellationTokenSource? _trying;
    private Task _trial = Task.CompletedTask;
    private Task _drawing = Task.CompletedTask;
    private RuleTrialResult? _found;
    private RuleDraft? _tried;
    private string? _problem;
    private string? _wrongField;
    private DateTimeOffset _drawnAt;
    private volatile RuleTrialResult? _latest;
    private bool _saving;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    /// <summary>The rule that is changed; null for a new one.</summary>
    [Parameter]
    public Rule? Rule { get; set; }

    /// <summary>The teams that an admin can choose.</summary>
    [Parameter]
    public IReadOnlyList<Team> Teams { get; set; } = [];

    /// <summary>Saves the rule.</summary>
    [Parameter, EditorRequired]
    public required Func<RuleDraft, Task<CommandResult>> OnSave { get; set; }

    /// <summary>Called when nothing more is to be written.</summary>
    [Parameter]
    public EventCallback OnClose { get; set; }

    // A rule may be about a tool that is not there any more.
    private IEnumerable<(string Name, string Title)> Tools => _fields.Tool.Length == 0 || Targets.Tools.Any(tool => tool.Name == _fields.Tool)
        ? Targets.Tools
        : Targets.Tools.Append((_fields.Tool, _fields.Tool));

    private bool IsTried => _tried is not null && _tried == What(_fields.ToDraft());

    private bool IsOnlyRenamed => Rule is { } rule && What(RuleFields.Of(rule).ToDraft()) == What(_fields.ToDraft());

    private bool CanSave => !_saving && _trying is null && (IsOnlyRenamed || (IsTried && _found is { Undecided: 0 }));

    /// <summary>Stops the trial.</summary>
    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        await Task.WhenAll(_trial, _drawing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _left.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _fields = Rule is null ? new RuleFields() : RuleFields.Of(Rule);
        _agents = await Targets.ReadAgentsAsync(_left.Token);
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _name.FocusAsync();
        }
    }

    // The name changes nothing of what is found.
    private static RuleDraft What(RuleDraft draft) => draft with { Name = "" };

    private string? IsWrong(string field) => _wrongField == field ? "true" : null;

    private void Look(ChangeEventArgs change)
    {
        if (Enum.TryParse<RuleConditionKind>(change.Value as string, out var kind))
        {
            _fields.Look(kind);
        }
    }

    private async Task StopAsync() => await (_trying?.CancelAsync() ?? Task.CompletedTask);

    private Task TryAsync()
    {
        if (_trying is null)
        {
            _trial = TryNowAsync(_fields.ToDraft());
        }

        return _trial;
    }

    private async Task TryNowAsync(RuleDraft draft)
    {
        (_problem, _wrongField, _found, _tried, _latest) = (null, null, null, null, null);
        using var trying = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
        _trying = trying;
        try
        {
            var (result, found) = await Trial.RunAsync(User.Id, draft, Show, trying.Token);
            Refuse(result);
            await ShowFoundAsync(found, draft);
        }
        catch (OperationCanceledException)
        {
            // What was found so far is shown, and says how far it came.
            await ShowFoundAsync(_latest, draft);
            _problem ??= _found is null && !_left.IsCancellationRequested ? RulesText.Stopped : null;
        }
        catch (Exception exception)
        {
            LogFailed(exception);
            (_problem, _found) = (RulesText.Failed, null);
        }
        finally
        {
            _trying = null;
        }
    }

    // What people asked is shown with it: recorded first, or not shown. While a trial is under way it says only how often.
    private async Task ShowFoundAsync(RuleTrialResult? found, RuleDraft draft)
    {
        (_found, _tried) = (null, null);
        if (found is null || _left.IsCancellationRequested)
        {
            return;
        }

        try
        {
            if (found.OthersShownTo(User.Id) is > 0 and var shown)
            {
                await Audit.RecordAsync(User, AccessActions.RuleTried, found.What, ownerId: null, SupervisionRulesText.Shown(shown), _left.Token);
            }

            (_found, _tried) = (found, What(draft));
        }
        catch (OperationCanceledException)
        {
            // Nobody is there to see it.
            return;
        }
        catch (AccessNotRecordedException exception)
        {
            LogFailed(exception);
            _problem = AuditText.NotRecorded;
        }
    }

    // Called by the trial, from its own thread. The last state is drawn when the trial ends.
    private void Show(RuleTrialResult found)
    {
        _latest = found;
        var now = time.GetUtcNow();
        if (now - _drawnAt < s_pace)
        {
            return;
        }

        _drawnAt = now;
        _drawing = InvokeAsync(() =>
        {
            if (_trying is not null)
            {
                _found = _latest;
                StateHasChanged();
            }
        });
    }

    private async Task SaveAsync()
    {
        if (!CanSave)
        {
            return;
        }

        _saving = true;
        try
        {
            var result = await OnSave(_fields.ToDraft());
            Refuse(result);
            if (result.Accepted)
            {
                await OnClose.InvokeAsync();
            }
        }
        finally
        {
            _saving = false;
        }
    }

    private void Refuse(CommandResult result) => (_problem, _wrongField) = (result.Problem, result.Problems is [{ Field: { } field }, ..] ? field : null);

    [LoggerMessage(LogLevel.Warning, "A rule could not be tried on the past")]
    private partial void LogFailed(Exception exception);
}
