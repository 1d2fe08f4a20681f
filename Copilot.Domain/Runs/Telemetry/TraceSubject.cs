using System.Diagnostics;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Telemetry;

namespace Copilot.Domain.Runs.Telemetry;

/// <summary>What the spans of a run have in common.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Creation">What it was asked to do.</param>
/// <param name="Model">The model that it asks for.</param>
/// <param name="Upstream">The upstream's base address; null where it is not known yet.</param>
/// <param name="Metrics">Where metrics go.</param>
/// <param name="CapturesContent">Whether spans carry what is said.</param>
internal sealed record TraceSubject(
    string RunId, RunCreation Creation, string Model, Uri? Upstream, CopilotMetrics Metrics, bool CapturesContent)
{
    private const int LongestWord = 64;

    private string Provider { get; } = GenAi.ProviderOf(Upstream);

    /// <summary>Whether there is a tool of this name: a model may call what it has made up.</summary>
    public Func<string, bool> IsTool { get; init; } = _ => true;

    /// <summary>True where somebody listens. Where nobody does, nothing is made of a response or a tool call.</summary>
    public bool IsObserved => CopilotSource.Spans.HasListeners() || Metrics.WantsOperations;

    /// <summary>What every span of the run says.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Tags(string operation)
    {
        yield return new(GenAi.OperationName, operation);
        yield return new(GenAi.ConversationId, Creation.SessionId);
        yield return new(GenAi.RunId, RunId);
        if (operation != GenAi.ExecuteTool)
        {
            yield return new(GenAi.ProviderName, Provider);
            yield return new(GenAi.RequestModel, Model);
        }
    }

    /// <summary>What a metric says: nothing that has a value of its own for each run.</summary>
    public TagList MetricTags(string operation, Uri? server)
    {
        var tags = new TagList
        {
            { GenAi.OperationName, operation },
            { GenAi.ProviderName, Provider },
            { GenAi.RequestModel, Model },
        };
        if (server is not null)
        {
            tags.Add(GenAi.ServerAddress, server.Host);
            tags.Add(GenAi.ServerPort, server.Port);
        }

        return tags;
    }

    /// <summary>Begins a span below another; the current one stays what it was. Null where nobody listens or it is not sampled.</summary>
    public static Activity? Start(
        string name, ActivityKind kind, ActivityContext parent, DateTimeOffset at, Func<IEnumerable<KeyValuePair<string, object?>>> tags)
    {
        if (!CopilotSource.Spans.HasListeners())
        {
            return null;
        }

        using (AmbientActivity.Enter(null))
        {
            return CopilotSource.Spans.StartActivity(name, kind, parent, tags(), links: null, at);
        }
    }

    /// <summary>Ends a span; the current one stays what it was.</summary>
    public static void Stop(Activity activity, DateTimeOffset at, string? error)
    {
        Fail(activity, error);
        activity.SetEndTime(at.UtcDateTime);
        Stop(activity);
    }

    /// <summary>Ends a span now, or when it was said to end; the current one stays what it was.</summary>
    public static void Stop(Activity activity)
    {
        using (AmbientActivity.Enter(Activity.Current))
        {
            activity.Stop();
        }
    }

    /// <summary>Says of a span why it failed, if it did. Its status has no text: that might quote what was said.</summary>
    public static void Fail(Activity activity, string? error)
    {
        if (error is not null)
        {
            activity.SetTag(GenAi.ErrorType, Word(error));
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>Says in a metric that something failed.</summary>
    public static void AddError(ref TagList tags, string? error)
    {
        if (error is not null)
        {
            tags.Add(GenAi.ErrorType, Word(error));
        }
    }

    /// <summary>A code or a reason as it may stand in spans and metrics. It is the upstream's, and some write sentences there, which may quote what was said.</summary>
    public static string Word(string code) =>
        code.Length <= LongestWord && code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or ':') ? code : GenAi.OtherError;

    /// <summary>A transport's name on the wire.</summary>
    public static string? Wire(TransportKind? kind) => kind switch
    {
        TransportKind.WebSocket => "websocket",
        TransportKind.Http => "http",
        _ => null,
    };
}
