using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;
using Copilot.Domain.Responses.Failures;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Input;

/// <summary>
/// Folds one run's events into the input items that stand for it in the conversation with the model. What a full-input
/// resend sends is always made here, from the log, and never from memory of what was sent before.
/// </summary>
/// <remarks>
/// A response counts when its terminal event says completed or incomplete. Of a response that was cut, only calls whose tool
/// had started, and finished calls of the upstream's own tools, stay (with the reasoning before them), because their effects
/// are real.
/// </remarks>
internal sealed partial class InputFold
{
    private const string NotRun = "This call was not carried out: the run ended before it started.";
    private const string Unfinished = "The outcome of this call is unknown: the run ended while it was under way. Check before repeating it.";

    /// <summary>Why an answer without any text is incomplete.</summary>
    public const string EmptyAnswer = "empty";

    private const string NotDecided = "The run ended before anybody decided.";

    private readonly bool _store;
    private readonly List<InputItem> _items = [];
    private readonly CallOutputs _calls;
    private readonly OpenHostedCalls _hosted = new();
    private readonly LongTexts _longTexts = new();
    private OpenResponse? _open;
    private bool _begun;

    /// <summary>A fold of no event yet.</summary>
    /// <param name="store">True where the upstream stores its responses: what it made itself is referred to and not sent.</param>
    public InputFold(bool store)
    {
        _store = store;
        _calls = new CallOutputs(_items);
    }

    /// <summary>The items so far. Grows; earlier items change only when the conversation is compacted.</summary>
    public IReadOnlyList<InputItem> Items => _items;

    /// <summary>Calls that count and have no output yet, in the order the model made them.</summary>
    public IReadOnlyList<PendingCall> Unanswered => _calls.Unanswered;

    /// <summary>The response that has begun and not ended, or null.</summary>
    public string? OpenResponseId => _open?.Id;

    /// <summary>What the response under way has said of its output so far, or null.</summary>
    internal ResponseOutput? OpenOutput => _open?.Output;

    /// <summary>True when the newest response ended without calls: the run only lacks its own end.</summary>
    public bool HasFinalAnswer { get; private set; }

    /// <summary>Why the newest response is incomplete (<c>unknown</c> where the upstream does not say, <c>empty</c> where it says nothing at all), or null.</summary>
    public string? IncompleteReason { get; private set; }

    /// <summary>
    /// True when the upstream had a call with possible effects under way, or was just allowed one, and nothing says what became of it:
    /// sending the request again could carry it out twice.
    /// </summary>
    public bool HasOpenHostedCall => _hosted.Any || HasSentApproval;

    /// <summary>What those calls are, once each.</summary>
    public IReadOnlyList<string> UnknownCalls => [.. _hosted.Names.Concat(HasSentApproval ? _approved.Select(call => call.Name) : []).Distinct()];

    /// <summary>True when a call of the newest response got another id than the upstream gave it: it must be sent to be known.</summary>
    public bool HasOwnCallIds { get; private set; }

    /// <summary>True when a call of the upstream's with possible effects had begun in the newest attempt and was not ended well, also once its response has failed.</summary>
    public bool HasUnfinishedHostedCall => _hosted.Any;

    /// <summary>True when a call's tool was started.</summary>
    public bool WasStarted(string callId) => _calls.WasStarted(callId);

    /// <summary>Takes the next event.</summary>
    public void Apply(RunEvent runEvent)
    {
        _longTexts.Note(runEvent);
        if (runEvent.Upstream is { } upstream)
        {
            ApplyUpstream(upstream);
            return;
        }

        switch (runEvent.Payload)
        {
            case RunForked forked:
                BeginWith(forked);
                break;
            case UserMessage message:
                _items.Add(InputMessage.Of(message.Text ?? "(This message was forgotten.)", message.AllFiles));
                break;
            case ToolStarted when runEvent.CallId is { } callId:
                _calls.Start(callId);
                break;
            case ToolEnded { Output: { } output } when runEvent.CallId is { } callId:
                _calls.Answer(callId, output, isOpen: _open is not null);
                break;
            case ToolOutcomeUnknown { Output: { } output } when runEvent.CallId is { } callId:
                _calls.Answer(callId, output, isOpen: _open is not null);
                break;
            case ApprovalApproved when runEvent.CallId is { } callId:
                AnswerMcp(callId, approve: true, reason: null);
                break;
            case ApprovalDenied denied when runEvent.CallId is { } callId:
                AnswerMcp(callId, approve: false, denied.Reason);
                break;
            case ApprovalExpired when runEvent.CallId is { } callId:
                AnswerMcp(callId, approve: false, "Nobody decided in time.");
                break;
            case AttemptSent:
                HasSentApproval = _approved.Count > 0;
                _hosted.Clear();
                break;
            case AttemptSuperseded:
                DiscardPartial();
                _hosted.Clear();
                break;
            case CompactionCompleted compaction:
                ApplyCompaction(compaction);
                break;
            case InputOmitted omitted:
                Omit(omitted);
                break;
            case RunFailed { Error.Code: { } code } when FailurePolicy.IsPolicyCode(code):
                LeaveOut();
                break;
            case SteerRequested { SteerId: { } steerId } requested:
                NoteWords(runEvent, steerId, requested.Text ?? "");
                break;
            case SteerDelivered { SteerId: { } steerId }:
                Deliver(steerId);
                break;
            case SupervisorAction action:
                ApplySupervision(action);
                break;
            case RunResumed { UnknownCalls: { Count: > 0 } unknown }:
                _begun = true;
                ReportUnknown(unknown);
                break;
            case RunStarted or RunResumed:
                _begun = true;
                break;
            case RunCancelled when !_begun:
                // A message that was removed from the queue was never said.
                _items.Clear();
                break;
            case RunCancelled:
                AppendPartialAnswer();
                break;
        }
    }

    /// <summary>The items of a run that goes on no further: every call has exactly one output.</summary>
    public IReadOnlyList<InputItem> Close()
    {
        DiscardPartial();
        foreach (var call in _calls.Unanswered.ToArray())
        {
            AnswerMcp(call.CallId, approve: false, NotDecided);
            _calls.Answer(call.CallId, WasStarted(call.CallId) ? Unfinished : NotRun, isOpen: false);
        }

        if (UnknownCalls is { Count: > 0 } unknown)
        {
            ReportUnknown(unknown);
        }

        EndTakeOver(handedBack: false, note: null);
        return _items;
    }

    /// <summary>The upstream's calls whose outcome nobody knows are not repeated. The model is told so, after what it had said by then.</summary>
    private void ReportUnknown(IReadOnlyList<string> calls)
    {
        WithdrawApprovals();
        _hosted.Clear();
        AddAfterOpen($"[Note of the system: {Unfinished} It was: {string.Join(", ", calls)}.]");
    }

    private void ApplyUpstream(ResponseEvent upstream)
    {
        NoteApproved(upstream);
        if (upstream is OutputItemEvent or ItemProgressEvent or TextDeltaEvent)
        {
            // A sparse stream may begin with any of them.
            _open ??= new OpenResponse("");
            _hosted.Note(upstream);
        }

        if (_open is { } saying && upstream is not ResponseLifecycleEvent)
        {
            saying.Output = saying.Output.Apply(upstream);
        }

        switch (upstream)
        {
            case ResponseLifecycleEvent { IsTerminal: false } begun:
                if (_open is null || begun.Type == "response.created" || (_open.Id.Length > 0 && begun.Response.Id.Length > 0 && _open.Id != begun.Response.Id))
                {
                    if (_open is null || _open.Id != begun.Response.Id || _open.Id.Length == 0)
                    {
                        _open = new OpenResponse(begun.Response.Id);
                        HasFinalAnswer = false;
                    }
                }
                else if (_open.Id.Length == 0)
                {
                    _open.Id = begun.Response.Id;
                }

                break;
            case ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed or ResponseStatus.Incomplete } ended:
                End(ended.Response, (_open?.Output ?? ResponseOutput.Empty).Apply(ended));
                break;
            case { IsTerminal: true }:
                DiscardPartial();
                break;
        }
    }

    private void End(ResponseSnapshot response, ResponseOutput output)
    {
        IReadOnlyList<OutputItem> items = [.. output.Ended.Select(ended => ended.Item)];
        AppendCompleted(items);
        _hosted.Clear();
        HasOwnCallIds = output.HasOwnCallIds;
        HasFinalAnswer = _calls.Unanswered.Count == 0;
        IncompleteReason = response switch
        {
            { Status: ResponseStatus.Incomplete } => response.IncompleteReason ?? "unknown",
            { IncompleteReason: { } reason } => reason,
            _ => HasFinalAnswer && !items.Any(SaysSomething) ? EmptyAnswer : null,
        };
        Measure(response.Usage);
    }

    private static bool SaysSomething(OutputItem item) =>
        item.Type is not ("reasoning" or "message") || item.Text.Trim().Length > 0 && item.Type == "message" || item.Refusal is { Length: > 0 };

    private void AppendCompleted(IReadOnlyList<OutputItem> items)
    {
        _open = null;
        foreach (var item in items)
        {
            if (OutputToInput.From(item, _store) is { } input)
            {
                _items.Add(_longTexts.Without(input));
            }

            if (item is { Type: "function_call" or "custom_tool_call", CallId: { } callId })
            {
                _calls.Add(new PendingCall(callId, item.Name ?? "", item.Arguments ?? "") { IsFreeText = item.Type == "custom_tool_call" });
            }
            else if (item is { Type: "mcp_approval_request", Id: { } requestId })
            {
                _calls.Add(new PendingCall(requestId, item.Name ?? "", item.Arguments ?? "") { ServerLabel = ServerLabelOf(item) });
            }
        }

        _longTexts.Clear();
        _calls.Begin();
        _calls.AnswerEarly();
        if (_afterOpen.Count > 0)
        {
            SayWhatFollows();
            _calls.Begin();
        }
    }

    /// <summary>Leaves out a cut response, but for calls that were really made and the reasoning that led to them.</summary>
    private void DiscardPartial()
    {
        if (_open is not { } open)
        {
            return;
        }

        List<OutputItem> items = [.. open.Output.Finished];
        var lastReal = items.FindLastIndex(IsReal);
        AppendCompleted([.. items.Take(lastReal + 1).Where(item => item.Type == "reasoning" || IsReal(item))]);
    }

    private void AppendPartialAnswer()
    {
        var said = _open?.Output.Text ?? "";
        DiscardPartial();
        if (said.Length > 0)
        {
            _items.Add(InputItem.PartialAnswer(said));
        }
    }

    /// <summary>True for a call whose tool had started, and for one that the upstream made itself: what they did was done.</summary>
    private bool IsReal(OutputItem item) => item is { Type: "function_call" or "custom_tool_call", CallId: { } callId }
        ? WasStarted(callId)
        : OpenHostedCalls.MayHaveEffects(item.Type);

    /// <summary>A response that has begun, and what it has said of its output.</summary>
    private sealed class OpenResponse(string id)
    {
        public string Id { get; set; } = id;

        public ResponseOutput Output { get; set; } = ResponseOutput.Empty;
    }
}
