using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Components.Chat;
using Copilot.Web.Components.Chat.Composer;
using Copilot.Web.Components.Chat.Conversation;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Runs;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Conversations;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Copilot.Web.Components.Pages;

/// <summary>The chat page: wiring between the address, a <see cref="ChatSession"/> and the components.</summary>
public sealed partial class Chat(NavigationManager navigation, IJSRuntime js) : IAsyncDisposable
{
    private readonly StopSource _stop = new();
    private readonly ScriptModule _script = new(js, "./Components/Pages/Chat.razor.js");
    private ChatSession? _chat;
    private RenderCoalescer? _redrawing;
    private ChatState _state = ChatState.Loading;
    private MessageComposer? _composer;
    private ConversationView? _conversation;
    private string? _problem;
    private string? _seenMessage;
    private string? _address;
    private string? _shown;
    private bool _begun;
    private string? _owner;
    private string? _ownedSession;
    private bool _writes;

    /// <summary>The session in the address; null for a conversation that has not begun.</summary>
    [Parameter]
    public string? SessionId { get; set; }

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    [Inject]
    internal ChatSessions Sessions { get; set; } = null!;

    [Inject]
    internal ChatCommands Commands { get; set; } = null!;

    [Inject]
    internal IDialogService Dialogs { get; set; } = null!;

    [Inject]
    internal ConversationList List { get; set; } = null!;

    [Inject]
    internal PersonNames Names { get; set; } = null!;

    private bool CanSteerOwn => _state is { Active: { } run, CanControl: true } && run.UserId == User.Id;

    private bool CanSteerOther => _state is { Active: { } run, CanControl: true } && run.UserId != User.Id;

    private RunSummary? Newest => _state.Runs is [.., var last] ? last.Run : null;

    // A title that was just changed is in the list first.
    private string Title => _state.Session is not { } session
        ? ChatText.NewChat
        : List.Find(session.Id)?.Title ?? session.Title;

    /// <summary>Detaches from the conversation. Its runs go on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_chat is not null)
        {
            List.Changed -= _redrawing!.Request;
            _chat.Changed -= _redrawing.Request;
            await _chat.DisposeAsync();
            await _redrawing.DisposeAsync();
        }

        await _script.DisposeAsync();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _chat = Sessions.Create();
        _redrawing = new RenderCoalescer(() => InvokeAsync(TakeStateAsync));
        _chat.Changed += _redrawing.Request;
        List.Changed += _redrawing.Request;
    }

    /// <inheritdoc/>
    protected override Task OnAfterRenderAsync(bool firstRender) => firstRender ? _script.TryImportAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_begun && SessionId == _address)
        {
            return;
        }

        (_begun, _address) = (true, SessionId);
        if (SessionId is not null && SessionId == _shown)
        {
            // The address has followed the first message; the conversation is already open.
            return;
        }

        _shown = SessionId;
        _problem = null;
        await (SessionId is null ? _chat!.StartNewAsync(User) : ReopenAsync());
    }

    private Task ReopenAsync() => _chat!.OpenAsync(User, SessionId!, _stop.Token);

    private async Task TakeStateAsync()
    {
        var state = _chat!.State;
        if (state.Session?.Id != _ownedSession)
        {
            (_ownedSession, _owner, _writes) = (state.Session?.Id, null, false);
            if (state.Session is { } session && session.Owner.UserId != User.Id)
            {
                _owner = await Names.FindAsync(session.Owner.UserId, CancellationToken.None) ?? ChatText.SomebodyElse;
            }
        }

        _state = state;
        StateHasChanged();
    }

    private async Task<CommandResult> SendAsync(string messageId, string text, IReadOnlyList<string> fileIds)
    {
        _problem = null;
        var (from, address) = (_shown, navigation.Uri);
        var result = await Commands.SendAsync(User, _chat!, messageId, text, fileIds, _stop.Token);
        if (_shown == from && result.Run?.SessionId is { } begun && begun != from && begun == _chat!.SessionId)
        {
            _shown = begun;
            await FollowAsync(address, "/chat/" + begun);
        }

        return result;
    }

    // Who has gone to another conversation meanwhile is not called back. That is known in the browser alone: the click may still be on
    // its way here.
    private async Task FollowAsync(string from, string to)
    {
        try
        {
            await _script.InvokeVoidAsync("follow", from, to);
        }
        catch (JSException)
        {
            // The script could not be loaded.
            navigation.NavigateTo(to, replace: true);
        }
    }

    private Task PrepareAsync(string messageId) => Commands.PrepareAsync(User, _chat!, messageId, _stop.Token);

    private Task<CommandResult> SteerAsync(string steerId, string text) => _state.Active is { } run
        ? Commands.SteerAsync(User, run, steerId, text, _stop.Token)
        : Task.FromResult(CommandResult.Refused(RefusalCode.Conflict, SessionText.RunHasEnded));

    private Task<bool> AskWhyAsync(string steerId, string text) => _state.Active is { } run
        ? RunVerbDialogs.SayAsync(Dialogs, run, User, steerId, text)
        : Task.FromResult(false);

    private Task PromptAsync(string text) => _composer?.SubmitAsync(text) ?? Task.CompletedTask;

    private void MessageSeen(string messageId) => _seenMessage = messageId;

    private Task StopActiveAsync() => _state.Active is { } run ? StopAsync(run) : Task.CompletedTask;

    // Who stops somebody else's run, or takes it out of the queue, says why.
    private async Task StopAsync(RunSummary run)
    {
        if (run.UserId != User.Id)
        {
            await RunVerbDialogs.OpenAsync(Dialogs, RunVerb.Stop, run, User, callId: null);
            return;
        }

        _problem = (await Commands.StopAsync(User, run, _stop.Token)).Problem;
    }

    private async Task EditQueuedAsync(RunSummary run)
    {
        await StopAsync(run);
        if (_problem is null && _composer is not null && run.UserId == User.Id)
        {
            await _composer.TakeBackAsync(run.Input);
        }
    }

    private void EditLast() => _conversation?.EditLast();
}
