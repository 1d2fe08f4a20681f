using System.Diagnostics;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Telemetry;

namespace Copilot.Domain.Runs.Telemetry;

/// <summary>One response of the model, from its request to its end.</summary>
internal sealed class ChatSpan
{
    private readonly TraceSubject _subject;
    private readonly DateTimeOffset _began;
    private readonly List<OutputItem>? _output;
    private TagList _tags;
    private bool _arrived;
    private bool _calls;

    private ChatSpan(TraceSubject subject, Activity? activity, Uri? server, DateTimeOffset began)
    {
        _subject = subject;
        Activity = activity;
        _began = began;
        _tags = subject.MetricTags(GenAi.Chat, server);
        _output = subject.CapturesContent ? [] : null;
    }

    /// <summary>The span; null where nobody listens.</summary>
    public Activity? Activity { get; }

    /// <summary>The request is sent.</summary>
    /// <param name="subject">The run.</param>
    /// <param name="run">The run's span.</param>
    /// <param name="sent">How it is sent.</param>
    /// <param name="input">What it carries where spans carry content, else nothing.</param>
    /// <param name="at">When.</param>
    public static ChatSpan Begin(TraceSubject subject, ActivityContext run, AttemptSent sent, IReadOnlyList<InputItem> input, DateTimeOffset at)
    {
        var server = Uri.TryCreate(sent.Endpoint, UriKind.Absolute, out var address) ? address : null;
        var activity = TraceSubject.Start(
            $"{GenAi.Chat} {subject.Model}",
            ActivityKind.Client,
            run,
            at,
            () =>
            [
                .. subject.Tags(GenAi.Chat),
                new(GenAi.RequestStream, true),
                new(GenAi.OpenAiApiType, "responses"),
                new(GenAi.ServerAddress, server?.Host),
                new(GenAi.ServerPort, server?.Port),
                new(GenAi.NetworkProtocol, TraceSubject.Wire(sent.Transport)),
                new(GenAi.Attempt, sent.Attempt),
            ]);
        if (activity is not null && subject.CapturesContent)
        {
            activity.SetTag(GenAi.SystemInstructions, SpanContent.Instructions(subject.Creation.Agent.Instructions));
            activity.SetTag(GenAi.InputMessages, SpanContent.Messages(input));
        }

        return new ChatSpan(subject, activity, server, at);
    }

    /// <summary>Reads an event of the upstream.</summary>
    /// <returns>True when it was the response's last.</returns>
    public bool Read(ResponseEvent upstream, DateTimeOffset at)
    {
        if (!_arrived)
        {
            _arrived = true;
            Activity?.SetTag(GenAi.TimeToFirstChunk, Math.Max(0, (at - _began).TotalSeconds));
            _subject.Metrics.FirstChunk(at - _began, _tags);
        }

        switch (upstream)
        {
            case OutputItemEvent { Done: true, Item: var item }:
                _calls |= item.CallId is not null;
                _output?.Add(item);
                return false;
            case ResponseLifecycleEvent { IsTerminal: true, Response: var response }:
                Name(response);
                Count(response);
                End(at, ErrorOf(response));
                return true;
            case ResponseErrorEvent { Error: var error }:
                End(at, error.Code ?? error.ErrorType ?? "error");
                return true;
            case ResponseLifecycleEvent { Response: var response }:
                Name(response);
                return false;
            default:
                return false;
        }
    }

    /// <summary>The response is over.</summary>
    /// <param name="at">When.</param>
    /// <param name="error">Why there is no whole answer, in a word; null where there is one.</param>
    public void End(DateTimeOffset at, string? error)
    {
        if (Activity is not null)
        {
            if (_output is { Count: > 0 })
            {
                Activity.SetTag(GenAi.OutputMessages, SpanContent.Output(_output, error is null ? FinishReason(null) : "error"));
            }

            TraceSubject.Stop(Activity, at, error);
        }

        TraceSubject.AddError(ref _tags, error);
        _subject.Metrics.Ended(at - _began, _tags);
    }

    private void Name(ResponseSnapshot response)
    {
        if (response.Id.Length > 0)
        {
            Activity?.SetTag(GenAi.ResponseId, response.Id);
        }

        if (response.Model is { } model)
        {
            Activity?.SetTag(GenAi.ResponseModel, model);
        }
    }

    private void Count(ResponseSnapshot response)
    {
        if (response.Model is { } model)
        {
            _tags.Add(GenAi.ResponseModel, model);
        }

        Activity?.SetTag(GenAi.FinishReasons, new[] { FinishReason(response) });
        if (response.Usage is not { } usage)
        {
            return;
        }

        _subject.Metrics.Used(usage.InputTokens, usage.OutputTokens, _tags);
        Activity?.SetTag(GenAi.InputTokens, usage.InputTokens);
        Activity?.SetTag(GenAi.OutputTokens, usage.OutputTokens);
        SetIfAny(GenAi.CacheReadTokens, usage.CachedTokens);
        SetIfAny(GenAi.CacheCreationTokens, usage.CacheWriteTokens);
        SetIfAny(GenAi.ReasoningTokens, usage.ReasoningTokens);
    }

    private void SetIfAny(string name, long tokens)
    {
        if (tokens > 0)
        {
            Activity?.SetTag(name, tokens);
        }
    }

    private string FinishReason(ResponseSnapshot? response) => response switch
    {
        { Status: ResponseStatus.Incomplete, IncompleteReason: "max_output_tokens" } => "length",
        { Status: ResponseStatus.Incomplete, IncompleteReason: var reason } => TraceSubject.Word(reason ?? "incomplete"),
        { Status: ResponseStatus.Failed or ResponseStatus.Cancelled } => "error",
        _ => _calls ? "tool_call" : "stop",
    };

    private static string? ErrorOf(ResponseSnapshot response) => response.Status switch
    {
        ResponseStatus.Failed => response.Error?.Code ?? "failed",
        ResponseStatus.Cancelled => "cancelled",
        _ => null,
    };
}
