using System.Diagnostics;
using System.Threading.Channels;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs.Actor;

/// <summary>
/// One run. It has one mailbox and one reader: this loop alone owns the connection, the sequence counter and the status, so it
/// needs no locks. It lives in a scope of its own, never in a page's.
/// </summary>
internal sealed partial class RunActor : IAsyncDisposable
{
    private readonly Channel<RunMessage> _mailbox = Channel.CreateUnbounded<RunMessage>(new() { SingleReader = true });
    private readonly RunUpstream _upstream;
    private readonly RunTools _tools;
    private readonly RunEventWriter _writer;
    private readonly SessionHistory _history;
    private readonly ToolRegistry _registry;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly UpstreamOptions _upstreamOptions;
    private readonly ByteBudget _unreadBytes;
    private readonly RunOptions _options;
    private readonly PriceTable _prices;
    private readonly ILogger<RunActor> _logger;
    private RunRecorder? _recorder;
    private RunCreation? _creation;
    private IReadOnlyList<InputItem> _ancestors = [];
    private RunMessage.Commanded? _resume;
    private ConnectPurpose _purpose = ConnectPurpose.Run;
    private Task _loop = Task.CompletedTask;

    public RunActor(
        RunUpstream upstream,
        RunTools tools,
        RunEventWriter writer,
        SessionHistory history,
        ToolRegistry registry,
        TimeProvider time,
        Random random,
        IOptions<UpstreamOptions> upstreamOptions,
        IOptions<RunOptions> options,
        PriceTable prices,
        ILogger<RunActor> logger)
    {
        _upstream = upstream;
        _tools = tools;
        _writer = writer;
        _history = history;
        _registry = registry;
        _time = time;
        _random = random;
        _upstreamOptions = upstreamOptions.Value;
        _options = options.Value;
        _prices = prices;
        _unreadBytes = new ByteBudget(_options.MaxUnwrittenBytes);
        _logger = logger;
    }

    /// <summary>The run as its events say; readable from any thread once it was created or restored.</summary>
    public RunSummary Summary => Recorder.Summary;

    /// <summary>
    /// True when every call that has started and not ended may run again without a second effect, and the upstream had none of
    /// its own under way.
    /// </summary>
    public bool CanAutoResume => !Recorder.Input.HasOpenHostedCall && Recorder.Input.Unanswered
        .Where(call => Recorder.Input.WasStarted(call.CallId))
        .All(call => MayRunAgain(_tools.DefinitionOf(call.Name)));

    /// <summary>Completes when the run rests and its connection is closed. Never faults.</summary>
    public Task Completion => _loop;

    private RunRecorder Recorder => _recorder ?? throw new InvalidOperationException("The run was neither created nor restored.");

    private RunCreation Creation => _creation ?? throw new InvalidOperationException("The run was neither created nor restored.");

    /// <summary>Commits the first events. The caller is answered only after this.</summary>
    public async Task CreateAsync(string runId, RunCreation creation, RunRequest request)
    {
        creation = creation with { Agent = WithBudget(creation.Agent, request.BudgetMicros) };
        _creation = creation = _tools.Hosted.Offer(creation);
        _recorder = NewRecorder(runId, creation.Owner.UserId);
        _recorder.RecordBy(request.Actor, creation.ToEvent());
        _recorder.RecordBy(request.Actor, UserMessage.Of(request.Input, request.MessageId, request.Files));
        await _recorder.Committed.ConfigureAwait(false);
        LogCreated(runId, creation.SessionId);
    }

    /// <summary>Takes up a run from its log.</summary>
    public async Task RestoreAsync(string runId, CancellationToken cancellationToken)
    {
        _recorder = NewRecorder(runId, ownerId: null);
        await foreach (var runEvent in _history.ReadEventsAsync(runId, cancellationToken).ConfigureAwait(false))
        {
            _creation ??= RunCreation.Read(runEvent);
            _recorder.Restore(runEvent);
        }
    }

    /// <summary>Starts the loop. The run waits for <see cref="RunMessage.Begin"/> or a command.</summary>
    public void Start() => _loop = Task.Run(LiveAsync);

    /// <summary>Puts a message into the mailbox. Ignored once the run rests.</summary>
    public void Post(RunMessage message) => TryPost(message);

    /// <summary>Puts a message into the mailbox. False once the run rests.</summary>
    public bool TryPost(RunMessage message) => _mailbox.Writer.TryWrite(message);

    public async ValueTask DisposeAsync()
    {
        Post(new RunMessage.Interrupt("The server is shutting down."));
        await _loop.ConfigureAwait(false);

        // A run that could not be taken up has nobody who reads what lies here.
        _mailbox.Writer.TryComplete();
        while (_mailbox.Reader.TryRead(out var message))
        {
            Refuse(message);
        }
    }

    private RunRecorder NewRecorder(string runId, string? ownerId) => new(runId, ownerId, _writer, _time, _upstreamOptions.Store, _unreadBytes)
    {
        OnFailed = exception => Post(new RunMessage.CommitFailed(exception)),
    };

    private async Task LiveAsync()
    {
        // An activity of its own gives every line of this run one trace id, whoever started it.
        using var activity = new Activity("copilot.run").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var scope = _logger.BeginScope(new Dictionary<string, object> { ["RunId"] = Summary.RunId });
        RunEnd end;
        try
        {
            await WaitForTurnAsync().ConfigureAwait(false);
            end = await WorkAsync().ConfigureAwait(false);
        }
        catch (RunEndingException ending)
        {
            end = ending.End;
        }
        catch (Exception exception)
        {
            LogFaulted(exception, Summary.RunId);
            end = new RunEnd.Failed(RunErrors.Internal);
        }

        try
        {
            await EndAsync(end).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogFaulted(exception, Summary.RunId);
        }

        _mailbox.Writer.TryComplete();
        while (_mailbox.Reader.TryRead(out var late))
        {
            Refuse(late);
        }
    }

    private async Task WaitForTurnAsync()
    {
        while (true)
        {
            switch (await ReceiveAsync().ConfigureAwait(false))
            {
                case RunMessage.Begin:
                    Recorder.Record(new RunStarted());
                    return;
                case RunMessage.AutoResume goOn:
                    Recorder.RecordBySystem(new RunResumed(goOn.Reason));
                    return;
                case RunMessage.Commanded { Command: RunCommand.Resume resume } commanded:
                    _resume = commanded;
                    Recorder.RecordBy(resume.Actor, new RunResumed("A person resumed it."));
                    return;
            }
        }
    }

    /// <summary>The next message that is the caller's business; what ends the run, and notices, are dealt with here.</summary>
    private async Task<RunMessage> ReceiveAsync()
    {
        while (true)
        {
            var message = await _mailbox.Reader.ReadAsync().ConfigureAwait(false);
            switch (message)
            {
                case RunMessage.Commanded { Command: RunCommand.Stop stop }:
                    throw new RunEndingException(new RunEnd.Cancelled(stop.Actor, stop.Reason));
                case RunMessage.Interrupt interrupt:
                    throw new RunEndingException(new RunEnd.Interrupted(interrupt.Reason));
                case RunMessage.CommitFailed:
                    throw new RunEndingException(new RunEnd.Abandoned());
                case RunMessage.TimeUp:
                    throw new RunEndingException(new RunEnd.Failed(new RunError(
                        "run_timeout",
                        $"The run was stopped after {Creation.Agent.MaxDuration.TotalMinutes:0} minutes, its limit.",
                        "Ask for less at once, or raise the agent's limit.")));
                case RunMessage.Connecting connecting:
                    RecordNotice(connecting.Notice);
                    break;
                case RunMessage.Commanded { Command: RunCommand.RaiseBudget raise }:
                    Raise(raise);
                    return message;
                case RunMessage.Decided decided when !await DecideAsync(decided).ConfigureAwait(false):
                    break;
                case RunMessage.Steered said:
                    await TakeAsync(said).ConfigureAwait(false);
                    break;
                case RunMessage.SteerSent sent:
                    OnSteerSent(sent);
                    break;
                default:
                    return message;
            }
        }
    }

    private async Task<RunEnd> WorkAsync()
    {
        using var limit = _limit = new RunLimit(_time, Creation.Agent.MaxDuration, () => Post(new RunMessage.TimeUp()));
        if (Recorder.Input.OpenResponseId is { } cut)
        {
            Recorder.Record(new AttemptSuperseded(cut, "the run was interrupted", MayBeBilledTwice: null, Timeout: null));
        }

        _ancestors = await _history
            .ReadAsync(Creation.ParentRunId, Creation.ParentSeq, _upstreamOptions.Store, CancellationToken.None).ConfigureAwait(false);
        var settings = RunSettings.Of(Creation, _upstreamOptions, _registry, _tools.Hosted);
        RecordMissedCost(settings.Model);
        var rounds = 0;
        var failedRounds = 0;
        var finished = Recorder.Input.HasFinalAnswer && Recorder.Steers.Waiting.Count == 0;
        while (!finished)
        {
            if (Recorder.Input.Unanswered.Count == 0)
            {
                await RespondAsync(settings).ConfigureAwait(false);
            }

            // Words that could not be sent into a response get one more.
            finished = (Recorder.Input.Unanswered.Count == 0 || Recorder.Input.IncompleteReason is not null) && Recorder.Steers.Waiting.Count == 0;
            if (finished)
            {
                break;
            }

            if (Recorder.Input.IncompleteReason is not null)
            {
                // Only the words wait. What a response that was cut short wanted to call may be cut short as well.
                AnswerWithoutCalling("This call was not carried out: the response that made it was cut short.");
            }

            if (Recorder.Input.Unanswered.Count == 0)
            {
                continue;
            }

            if (++rounds > Creation.Agent.MaxToolRounds)
            {
                return new RunEnd.Failed(new RunError(
                    "tool_rounds_exceeded",
                    $"The agent wanted more than {Creation.Agent.MaxToolRounds} rounds of tool calls.",
                    "Ask for less at once, or raise the agent's limit."));
            }

            failedRounds = await CallToolsAsync().ConfigureAwait(false) ? 0 : failedRounds + 1;
            if (failedRounds >= Creation.Agent.MaxFailedRounds)
            {
                return new RunEnd.Failed(new RunError(
                    "tools_failing",
                    $"All tool calls failed {failedRounds} times in a row.",
                    "Check the tool calls above, then try again."));
            }
        }

        return new RunEnd.Completed(Recorder.Input.IncompleteReason);
    }
}
