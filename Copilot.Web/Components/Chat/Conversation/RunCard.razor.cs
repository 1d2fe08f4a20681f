using System.Globalization;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Chat.Conversation;

/// <summary>One run of the conversation: what was asked, its timeline, its answer. Draws itself at its viewer's pace, so its siblings are not compared.</summary>
public sealed partial class RunCard
{
    private static readonly CultureInfo s_culture = CultureInfo.GetCultureInfo("en-GB");

    private RunViewer? _viewer;
    private TimelineState _timeline = TimelineState.Empty;
    private ChatRun? _drawnItem;
    private ChatState? _drawnState;
    private EditRequest? _handled;
    private RunDecisions _decisions = null!;
    private ApprovalDrafts _drafts = null!;
    private TimelineNames _names = null!;
    private string? _author;
    private ElementReference _answered;
    private bool _folded = true;
    private bool _dirty = true;
    private bool _editing;
    private bool _seen;
    private string? _problem;

    /// <summary>The run and its place among its siblings.</summary>
    [Parameter, EditorRequired]
    public required ChatRun Item { get; set; }

    [CascadingParameter]
    internal ChatSession Chat { get; set; } = null!;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    /// <summary>The conversation it belongs to.</summary>
    [Parameter, EditorRequired]
    public required ChatState State { get; set; }

    /// <summary>True for the newest run of the branch.</summary>
    [Parameter]
    public bool IsLast { get; set; }

    /// <summary>The newest request to edit a question; each is a new object.</summary>
    [Parameter]
    public EditRequest? EditRequest { get; set; }

    /// <summary>Called with the message's id once its event has come.</summary>
    [Parameter]
    public EventCallback<string> OnMessageSeen { get; set; }

    private RunSummary Run => Item.Run;

    private bool IsOwn => Run.UserId == User.Id;

    private bool IsBusy => State.Active is not null || State.Queued.Count > 0;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        // One that is older than this card was not meant for it.
        _handled = EditRequest;
        _names = new TimelineNames(Titles.All) { ShowsCosts = User.SeesCosts, IsAdmin = User.IsAdmin };
        _decisions = new RunDecisions(Commands, Remember, Changing, Toasts, Time);
        _drafts = new ApprovalDrafts(DecideAsync)
        {
            Names = _names,
            NeedsReason = !IsOwn,
            Agent = Run.AgentName,
            Describe = async (name, arguments) => await Description.DescribeAsync(name, arguments, CancellationToken.None),
        };
        _viewer = Chat.View(Run, DrawAsync);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _drafts.CanDecide = State.CanControl;
        if (ReferenceEquals(EditRequest, _handled))
        {
            return;
        }

        _handled = EditRequest;
        if (EditRequest?.RunId == Run.RunId)
        {
            OpenEditor();
        }
    }

    /// <inheritdoc/>
    protected override bool ShouldRender() =>
        _dirty || !ReferenceEquals(_drawnState, State) || !Equals(_drawnItem, Item);

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        _dirty = false;
        _drawnItem = Item;
        _drawnState = State;
    }

    /// <summary>Stops looking at the run; it goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_viewer is not null)
        {
            await _viewer.DisposeAsync();
        }
    }

    private string? StopReason => _timeline.End is { Status: RunStatus.Cancelled, Reason: { Length: > 0 } reason } ? reason : null;

    private string? StoppedBy => _timeline.End?.Actor is { } actor && actor.Id != Run.UserId ? _names.Of(actor) : null;

    private Task DrawAsync(TimelineState state) => InvokeAsync(async () =>
    {
        await LearnNamesAsync(state);
        _timeline = state;
        Redraw();
        if (!_seen && state.Items.OfType<UserMessageItem>().FirstOrDefault() is { } message)
        {
            _seen = true;
            if (IsLast && message.MessageId is { } id)
            {
                await OnMessageSeen.InvokeAsync(id);
            }
        }
    });

    // Names first: an item is drawn once.
    private async Task LearnNamesAsync(TimelineState state)
    {
        await TimelineActors.LearnAsync(state, _names, People);

        if (_author is null && state.Items.OfType<UserMessageItem>().FirstOrDefault()?.Actor is { } author && author.Id != Run.UserId)
        {
            _author = _names.Of(author);
        }

        _drafts.HasAsked = IsOwn
            || state.Items.Any(item => item is UserMessageItem or SteerItem && TimelineActors.Of(item)?.Id == User.Id);
        if (_drafts.Requester is null && !IsOwn && (state.Approvals.Any() || state.Questions.Any() || state.OpenBudget() is not null))
        {
            _drafts.Requester = await People.FindAsync(Run.UserId, CancellationToken.None);
        }
    }

    private Task ReportSavedAsync(string steerId) => IsLast ? OnMessageSeen.InvokeAsync(steerId) : Task.CompletedTask;

    private void Redraw()
    {
        _dirty = true;
        StateHasChanged();
    }

    private string Moment(string format) =>
        TimeZoneInfo.ConvertTime(Run.CreatedAt, User.TimeZone).ToString(format, s_culture);

    private string Pressed(int rating) => State.Ratings.GetValueOrDefault(Run.RunId) == rating ? "true" : "false";

    private void OpenEditor()
    {
        if (State.CanWrite && !IsBusy)
        {
            _editing = true;
            _dirty = true;
        }
    }

    private void Fold(bool folded)
    {
        _folded = folded;
        Redraw();
    }

    private void CloseEditor()
    {
        _editing = false;
        Redraw();
    }

    private async Task<CommandResult> SubmitEditAsync(string messageId, string text, IReadOnlyList<MessageFile> kept)
    {
        var result = await Commands.EditAsync(User, Chat, Run, messageId, text, kept, CancellationToken.None);
        if (result.Accepted)
        {
            CloseEditor();
        }

        return result;
    }

    private async Task RetryAsync() =>
        Report((await Commands.RetryAsync(User, Chat, Item, CancellationToken.None)).Problem);

    private async Task ContinueAsync() => Report(
        (await Commands.SendAsync(User, Chat, Guid.NewGuid().ToString("N"), ChatText.ContinueMessage, [], CancellationToken.None)).Problem);

    // Who resumes, stops or retries somebody else's run says why.
    private async Task ResumeAsync(bool repeatUnknownTools)
    {
        if (!IsOwn)
        {
            await RunVerbDialogs.ResumeAsync(Dialogs, Run, User, repeatUnknownTools);
            return;
        }

        Report((await Commands.ResumeAsync(User, Run, repeatUnknownTools, CancellationToken.None)).Problem);
    }

    private Task<CommandResult> DecideAsync(ApprovalChoice choice) => FocusAnswerAsync(_decisions.DecideAsync(User, Run, choice));

    private Task<CommandResult> AnswerAsync(string callId, string text, string? reason) =>
        FocusAnswerAsync(Commands.AnswerAsync(User, Run, callId, text, reason, CancellationToken.None));

    // The card is about to go; the keyboard's focus stays where the answer will be.
    private async Task<CommandResult> FocusAnswerAsync(Task<CommandResult> decision)
    {
        var result = await decision;
        if (result.IsSettled)
        {
            await _answered.FocusAsync(preventScroll: true);
        }

        return result;
    }

    private async Task EndAsync()
    {
        if (!IsOwn)
        {
            await RunVerbDialogs.OpenAsync(Dialogs, RunVerb.Stop, Run, User, callId: null);
            return;
        }

        Report((await Commands.StopAsync(User, Run, CancellationToken.None)).Problem);
    }

    private async Task RetryNowAsync()
    {
        if (!IsOwn)
        {
            await RunVerbDialogs.OpenAsync(Dialogs, RunVerb.Retry, Run, User, callId: null);
            return;
        }

        Report((await Commands.RetryNowAsync(User, Run, CancellationToken.None)).Problem);
    }

    private async Task<bool> RaiseBudgetAsync(long amountMicros, string? reason)
    {
        var result = await Commands.RaiseBudgetAsync(User, Run, amountMicros, reason, CancellationToken.None);
        Report(result.Problem);
        return result.Accepted;
    }

    private Task RateAsync(int rating) => Chat.RateAsync(
        Run.RunId, State.Ratings.GetValueOrDefault(Run.RunId) == rating ? 0 : rating, CancellationToken.None);

    private Task SelectAsync(string? tip) =>
        tip is null ? Task.CompletedTask : Chat.SelectBranchAsync(tip, CancellationToken.None);

    private void Report(string? problem)
    {
        _problem = problem;
        Redraw();
    }
}
