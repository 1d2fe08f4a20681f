using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Tests.Shared.Runs;

/// <summary>Runs that do what the test says, event by event: the three ports behind the HTTP API, in memory.</summary>
internal sealed class ScriptedRuns(TimeProvider time) : IRuns, IRunPreparations, IRunFeed, IRunEventStore
{
    /// <summary>Prepares nothing.</summary>
    public Task PrepareAsync(RunPreparationRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunSummary> _runs = [];
    private readonly Dictionary<string, List<RunEvent>> _events = [];
    private readonly Dictionary<string, string> _messages = [];
    private string? _newest;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What has been asked to start, in order.</summary>
    public ConcurrentQueue<RunRequest> Requests { get; } = [];

    /// <summary>What has been sent to runs, in order.</summary>
    public ConcurrentQueue<RunCommand> Commands { get; } = [];

    /// <summary>Answers the next starts instead of starting.</summary>
    public Func<RunRequest, StartOutcome>? Refusal { get; set; }

    /// <summary>What a look at a run fails with; null while it does not.</summary>
    public Exception? FindFailure { get; set; }

    /// <summary>Completes at the first follow of a feed that has come to its wait.</summary>
    public TaskCompletionSource Following { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a follow was left.</summary>
    public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How a decision about a waiting call is answered.</summary>
    public Func<string, RunCommand.Decision, CommandOutcome> OnDecide { get; set; } = (_, _) => new CommandOutcome.Accepted();

    /// <summary>How any command is answered; null for the answers that the state of the run gives.</summary>
    public Func<RunCommand, CommandOutcome>? OnAsk { get; set; }

    public Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        if (Refusal is { } refusal)
        {
            return Task.FromResult(refusal(request));
        }

        lock (_lock)
        {
            var message = request.SessionId + "/" + request.MessageId;
            if (request.MessageId is not null && _messages.TryGetValue(message, out var known))
            {
                return Task.FromResult<StartOutcome>(new StartOutcome.Started(_runs[known], Existing: true));
            }

            var run = new RunSummary
            {
                RunId = RunIds.NewRun(time),
                SessionId = request.SessionId,
                UserId = request.Owner.UserId,
                TeamId = request.Owner.TeamId,
                AgentName = request.Agent.Name,
                Model = "demo",
                Input = request.Input,
                Files = request.Files,
                CreatedAt = time.GetUtcNow(),
            };
            _messages[message] = run.RunId;
            _runs[run.RunId] = run;
            _newest = run.RunId;
            _events[run.RunId] = [];
            AppendLocked(run.RunId, RunEventTypes.RunCreated, request.RequestHash is { } hash ? JsonSerializer.Serialize(new { request_hash = hash }) : "{}");
            AppendLocked(run.RunId, RunEventTypes.UserMessage, "{}");
            return Task.FromResult<StartOutcome>(new StartOutcome.Started(_runs[run.RunId], Existing: false));
        }
    }

    public Task<CommandOutcome> AskAsync(string runId, RunCommand command, CancellationToken cancellationToken)
    {
        if (OnAsk is { } answer)
        {
            return Task.FromResult(answer(command));
        }

        if (command is RunCommand.Decision decision)
        {
            return Task.FromResult(OnDecide(runId, decision));
        }

        Commands.Enqueue(command);
        lock (_lock)
        {
            return Task.FromResult<CommandOutcome>(
                !_runs.TryGetValue(runId, out var run) ? new CommandOutcome.NotFound()
                : run.Status.IsTerminal() ? new CommandOutcome.NotPossible()
                : new CommandOutcome.Accepted());
        }
    }

    /// <summary>Adds one event to a run.</summary>
    public void Append(string runId, string type, string data)
    {
        lock (_lock)
        {
            AppendLocked(runId, type, data);
        }
    }

    /// <summary>Appends an event of the upstream and gives its number.</summary>
    public long AppendUpstream(string runId, string type, string data)
    {
        lock (_lock)
        {
            AppendLocked(runId, type, data);
            return _runs[runId].HeadSeq;
        }
    }

    /// <summary>The one run there is.</summary>
    public RunSummary Only()
    {
        lock (_lock)
        {
            return _runs.Values.Single();
        }
    }

    /// <summary>The run that was started last.</summary>
    public RunSummary Newest()
    {
        lock (_lock)
        {
            // Not by their ids: on a clock that stands, those of one millisecond have no order.
            return _runs[_newest!];
        }
    }

    /// <summary>Changes what is known of a run.</summary>
    public void Update(string runId, Func<RunSummary, RunSummary> change)
    {
        lock (_lock)
        {
            _runs[runId] = change(_runs[runId]);
        }
    }

    public Task<bool> TryReadEndedAsync(string runId, Action<IReadOnlyList<RunEvent>> take, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public async IAsyncEnumerable<IReadOnlyList<RunEvent>> FollowAsync(
        string runId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                IReadOnlyList<RunEvent> batch;
                Task changed;
                lock (_lock)
                {
                    changed = _changed.Task;
                    batch = [.. _events[runId].Where(item => item.Seq > after)];
                }

                if (batch.Count == 0)
                {
                    Following.TrySetResult();
                    await changed.WaitAsync(cancellationToken);
                    continue;
                }

                after = batch[^1].Seq;
                yield return batch;
                if (RunEventTypes.IsTerminal(batch[^1].Type))
                {
                    yield break;
                }
            }
        }
        finally
        {
            Left.TrySetResult();
        }
    }

    public Task<RunSummary?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        if (FindFailure is { } failure)
        {
            throw failure;
        }

        lock (_lock)
        {
            return Task.FromResult(_runs.GetValueOrDefault(runId));
        }
    }

    public Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long after, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<RunEvent>>([.. _events[runId].Where(e => e.Seq > after).Take(limit)]);
        }
    }

    public Task AppendAsync(IReadOnlyList<RunAppend> appends, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Stream OpenText(EventText text) => throw new NotSupportedException();

    public Task<byte[]?> FindHashAsync(string runId, long seq, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_events[runId].Find(e => e.Seq == seq && !e.IsErased)?.Hash.ToArray());
        }
    }

    public Task<RunEvent?> ReadHeadAsync(string runId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RunSummary>> ReadUnfinishedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RunSummary>> ReadInterruptedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<RunSummary>>([.. _runs.Values.Where(run => run.Status is RunStatus.Interrupted)]);
        }
    }

    public Task<IReadOnlyList<RunSummary>> ReadSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private void AppendLocked(string runId, string type, string data)
    {
        var events = _events[runId];
        var run = _runs[runId];
        events.Add(new RunEvent
        {
            RunId = runId,
            Seq = events.Count + 1,
            At = time.GetUtcNow(),
            Source = type == RunEventTypes.UserMessage ? EventSource.User
                : type.StartsWith("response.", StringComparison.Ordinal) ? EventSource.Upstream : EventSource.Agent,
            Actor = type == RunEventTypes.UserMessage ? new EventActor(run.UserId, "Staff") : null,
            Type = type,
            Data = Encoding.UTF8.GetBytes(data),
            Salt = new byte[32],
            PayloadDigest = new byte[32],
            Hash = new byte[32],
        });
        _runs[runId] = run with
        {
            HeadSeq = events.Count,
            Status = type switch
            {
                RunEventTypes.RunStarted or RunEventTypes.RunResumed => RunStatus.Running,
                RunEventTypes.RunWaiting => RunStatus.Waiting,
                RunEventTypes.RunCompleted => RunStatus.Completed,
                RunEventTypes.RunFailed => RunStatus.Failed,
                RunEventTypes.RunCancelled => RunStatus.Cancelled,
                RunEventTypes.RunInterrupted => RunStatus.Interrupted,
                _ => run.Status,
            },
            CompletedAt = RunEventTypes.IsTerminal(type) ? time.GetUtcNow() : run.CompletedAt,
        };
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
