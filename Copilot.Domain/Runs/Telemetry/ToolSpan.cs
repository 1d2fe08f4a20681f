using System.Diagnostics;
using Copilot.Domain.Telemetry;

namespace Copilot.Domain.Runs.Telemetry;

/// <summary>One tool call that was started.</summary>
internal sealed class ToolSpan
{
    private readonly TraceSubject _subject;
    private readonly string _label;
    private readonly DateTimeOffset _began;

    private ToolSpan(TraceSubject subject, string label, Activity? activity, DateTimeOffset began)
    {
        _subject = subject;
        _label = label;
        Activity = activity;
        _began = began;
    }

    /// <summary>The span; null where nobody listens.</summary>
    public Activity? Activity { get; }

    /// <summary>The call starts.</summary>
    /// <param name="subject">The run.</param>
    /// <param name="run">The run's span.</param>
    /// <param name="name">The tool.</param>
    /// <param name="callId">The call.</param>
    /// <param name="arguments">Its arguments where spans carry content, else null.</param>
    /// <param name="at">When.</param>
    public static ToolSpan Begin(TraceSubject subject, ActivityContext run, string name, string callId, string? arguments, DateTimeOffset at)
    {
        // What is counted, and what spans are called, has no value of its own for each word of a model.
        var label = subject.IsTool(name) ? name : GenAi.Other;
        var activity = TraceSubject.Start(
            $"{GenAi.ExecuteTool} {label}",
            ActivityKind.Internal,
            run,
            at,
            () =>
            [
                .. subject.Tags(GenAi.ExecuteTool),
                new(GenAi.ToolName, name),
                new(GenAi.ToolCallId, callId),
                new(GenAi.ToolType, "function"),
            ]);
        if (arguments is not null)
        {
            activity?.SetTag(GenAi.ToolArguments, arguments);
        }

        return new ToolSpan(subject, label, activity, at);
    }

    /// <summary>The call has ended.</summary>
    /// <param name="at">When.</param>
    /// <param name="error">Why it failed, in a word; null where it did not.</param>
    /// <param name="output">What it answered, or null.</param>
    public void End(DateTimeOffset at, string? error, string? output)
    {
        if (Activity is not null)
        {
            if (_subject.CapturesContent && output is not null)
            {
                Activity.SetTag(GenAi.ToolResult, output);
            }

            TraceSubject.Stop(Activity, at, error);
        }

        var tags = new TagList { { GenAi.OperationName, GenAi.ExecuteTool }, { GenAi.ToolName, _label } };
        TraceSubject.AddError(ref tags, error);
        _subject.Metrics.Ended(at - _began, tags);
    }
}
