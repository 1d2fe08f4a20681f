using System.Diagnostics;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Telemetry;

namespace Copilot.Domain.Runs.Telemetry;

/// <summary>
/// A run as one trace and as metrics: one span for the run, one for each response that was asked for, one for each tool call, all made
/// from the events that the run records and with their times. Only the run's own loop uses it.
/// </summary>
internal sealed class RunTrace
{
    private const string Superseded = "superseded";
    private const string Abandoned = "abandoned";

    private readonly Dictionary<string, ToolSpan> _tools = [];
    private readonly Dictionary<string, string> _arguments = [];
    private readonly TraceSubject _subject;
    private readonly DateTimeOffset _began;
    private AttemptSent? _sent;
    private IReadOnlyList<InputItem> _input = [];
    private ChatSpan? _chat;
    private DateTimeOffset? _supersededAt;

    private RunTrace(TraceSubject subject, Activity run, DateTimeOffset began)
    {
        _subject = subject;
        Run = run;
        _began = began;
        if (subject.CapturesContent)
        {
            run.SetTag(GenAi.SystemInstructions, SpanContent.Instructions(subject.Creation.Agent.Instructions));
        }
    }

    /// <summary>The run's own span. It is there also where nobody listens: its ids are the run's.</summary>
    public Activity Run { get; }

    /// <summary>The span of the response that is asked for now; else the run's.</summary>
    public Activity Current => _chat?.Activity ?? Run;

    /// <summary>True when spans carry what is said.</summary>
    public bool CapturesContent => _subject.CapturesContent;

    /// <summary>Begins the trace of a run, or continues it after a restart. The current span stays what it was.</summary>
    /// <param name="subject">The run.</param>
    /// <param name="parent">What it belongs below: of its caller, or what its log says; null begins a trace.</param>
    /// <param name="resumed">True after a restart.</param>
    /// <param name="at">When.</param>
    public static RunTrace Begin(TraceSubject subject, ActivityContext? parent, bool resumed, DateTimeOffset at)
    {
        var agent = subject.Creation.Agent;
        var name = $"{GenAi.InvokeAgent} {agent.Name}";
        using (AmbientActivity.Enter(null))
        {
            var run = CopilotSource.Spans.HasListeners()
                ? CopilotSource.Spans.StartActivity(
                    name,
                    ActivityKind.Internal,
                    parent ?? default,
                    [
                        .. subject.Tags(GenAi.InvokeAgent),
                        new(GenAi.AgentId, agent.Id),
                        new(GenAi.AgentName, agent.Name),
                        new(GenAi.AgentVersion, agent.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                        new(GenAi.OutputType, subject.Creation.TextFormat.IsEmpty ? "text" : "json"),
                    ],
                    links: null,
                    at)
                : null;
            run ??= Unobserved(name, parent);
            if (resumed)
            {
                run.SetTag(GenAi.RunResumed, true);
            }

            return new RunTrace(subject, run, at);
        }
    }

    /// <summary>The span of a call under way; null where there is none.</summary>
    public Activity? OfCall(string callId) => _tools.GetValueOrDefault(callId)?.Activity;

    /// <summary>What the request carries that is sent next; asked for only where spans carry content.</summary>
    public void Sends(IReadOnlyList<InputItem> input) => _input = input;

    /// <summary>Takes an event that was just recorded.</summary>
    /// <param name="runEvent">The event.</param>
    /// <param name="run">The run with it.</param>
    public void Observe(RunEvent runEvent, RunSummary run)
    {
        var at = runEvent.At;
        switch (runEvent.Payload)
        {
            case null when runEvent.Upstream is { } upstream:
                ObserveUpstream(upstream, at);
                break;
            case AttemptSent sent:
                EndChat(at, Superseded);
                _sent = sent;
                BeginChat(at);
                break;
            case AttemptSuperseded:
                _supersededAt = at;
                break;
            case AttemptRetryScheduled retry:
                EndChat(at, retry.Rule ?? Superseded);
                break;
            case ToolRequested { Arguments: { } arguments } when CapturesContent && runEvent.CallId is { } requested:
                _arguments[requested] = arguments;
                break;
            case ToolStarted started when runEvent.CallId is { } begun:
                _arguments.Remove(begun, out var said);
                if (!_subject.IsObserved)
                {
                    break;
                }

                _tools[begun] = ToolSpan.Begin(_subject, Run.Context, started.Name ?? "", begun, said, at);
                break;
            case ToolEnded ended when runEvent.CallId is { } over && _tools.Remove(over, out var tool):
                tool.End(at, ErrorOf(ended), ended.Output);
                break;
            case ToolOutcomeUnknown unknown when runEvent.CallId is { } lost && _tools.Remove(lost, out var tool):
                tool.End(at, "outcome_unknown", unknown.Output);
                break;
            case TransportFellBack fellBack:
                _subject.Metrics.FellBack(new TagList
                {
                    { GenAi.TransportFrom, TraceSubject.Wire(fellBack.From) },
                    { GenAi.TransportTo, TraceSubject.Wire(fellBack.To) },
                    { GenAi.Timeout, fellBack.Timeout is { } timeout ? Responses.UpstreamTimeouts.Wire(timeout) : null },
                });
                break;
            case CompactionCompleted { Usage: { } usage }:
                _subject.Metrics.Used(usage.InputTokens, usage.OutputTokens, _subject.MetricTags(GenAi.Chat, server: null));
                break;
            case TransportWarmed { Usage: { } usage } when usage != default:
                _subject.Metrics.Used(usage.InputTokens, usage.OutputTokens, _subject.MetricTags(GenAi.Chat, server: null));
                break;
            case UserMessage message when CapturesContent:
                Run.SetTag(GenAi.InputMessages, SpanContent.Message("user", message.Text ?? ""));
                break;
            case RunFailed failed:
                End(at, run, failed.Error.Code);
                break;
            case RunCancelled:
                EndChat(at, "cancelled");
                End(at, run, error: null);
                break;
            case RunInterrupted:
                EndChat(at, "interrupted");
                End(at, run, error: null);
                break;
            case RunCompleted:
                EndChat(at, "incomplete");
                End(at, run, error: null);
                break;
        }
    }

    /// <summary>Ends the trace here, when the last line is logged. What is open has ended with it: its log can be written no further.</summary>
    public void Close(DateTimeOffset at)
    {
        if (Run.IsStopped)
        {
            return;
        }

        if (Run.Duration == TimeSpan.Zero)
        {
            CloseParts(at, Abandoned);
            TraceSubject.Fail(Run, Abandoned);
        }

        TraceSubject.Stop(Run);
    }

    private void ObserveUpstream(ResponseEvent upstream, DateTimeOffset at)
    {
        if (_chat is null && _sent is not null && upstream is ResponseLifecycleEvent { Type: "response.created" })
        {
            // One request may be answered by several responses, one after the other: each has a span.
            BeginChat(at);
        }

        if (_chat?.Read(upstream, at) is true)
        {
            _chat = null;
        }
    }

    private void BeginChat(DateTimeOffset at)
    {
        _chat = _subject.IsObserved ? ChatSpan.Begin(_subject, Run.Context, _sent!, _input, at) : null;
        _input = [];
    }

    private void EndChat(DateTimeOffset at, string error)
    {
        _chat?.End(_supersededAt ?? at, error);
        _chat = null;
        _supersededAt = null;
    }

    private void End(DateTimeOffset at, RunSummary run, string? error)
    {
        CloseParts(at, error ?? "cancelled");
        Run.SetTag(GenAi.RunStatus, run.Status.ToWire());
        Run.SetTag(GenAi.InputTokens, run.Usage.InputTokens);
        Run.SetTag(GenAi.OutputTokens, run.Usage.OutputTokens);
        if (CapturesContent && run.OutputText.Length > 0)
        {
            Run.SetTag(GenAi.OutputMessages, SpanContent.Message("assistant", run.OutputText, finishReason: "stop"));
        }

        TraceSubject.Fail(Run, error);
        Run.SetEndTime(at.UtcDateTime);
        var tags = _subject.MetricTags(GenAi.InvokeAgent, server: null);
        tags.Add(GenAi.AgentName, _subject.Creation.Agent.Name);
        TraceSubject.AddError(ref tags, error);
        _subject.Metrics.Ended(at - _began, tags);
    }

    private void CloseParts(DateTimeOffset at, string error)
    {
        EndChat(at, error);
        foreach (var tool in _tools.Values)
        {
            tool.End(at, error, output: null);
        }

        _tools.Clear();
    }

    private static string? ErrorOf(ToolEnded ended) => ended switch
    {
        ToolCompleted => null,
        ToolTimedOut => "timeout",
        ToolDenied => "denied",
        ToolCancelled => "cancelled",
        _ => "tool_error",
    };

    /// <summary>Nobody listens: the ids are needed all the same, for the log's lines and for what is sent.</summary>
    private static Activity Unobserved(string name, ActivityContext? parent)
    {
        var run = new Activity(name).SetIdFormat(ActivityIdFormat.W3C);
        if (parent is { } above)
        {
            run.SetParentId(above.TraceId, above.SpanId, above.TraceFlags);
        }

        return run.Start();
    }
}
