using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>
/// Which record stands for which type of event, and both ways between a record and its JSON. Reading is total: a field of the wrong
/// kind is null, and what is no JSON object is an <see cref="UnknownRunEvent"/>.
/// </summary>
internal static class RunEventRecords
{
    private static readonly FrozenDictionary<string, JsonTypeInfo> s_records = new Dictionary<string, JsonTypeInfo>
    {
        [RunEventTypes.RunCreated] = RunEventJson.Default.RunCreated,
        [RunEventTypes.RunForked] = RunEventJson.Default.RunForked,
        [RunEventTypes.UserMessage] = RunEventJson.Default.UserMessage,
        [RunEventTypes.RunStarted] = RunEventJson.Default.RunStarted,
        [RunEventTypes.RunWaiting] = RunEventJson.Default.RunWaiting,
        [RunEventTypes.RunResumed] = RunEventJson.Default.RunResumed,
        [RunEventTypes.RunCompleted] = RunEventJson.Default.RunCompleted,
        [RunEventTypes.RunFailed] = RunEventJson.Default.RunFailed,
        [RunEventTypes.RunCancelled] = RunEventJson.Default.RunCancelled,
        [RunEventTypes.RunInterrupted] = RunEventJson.Default.RunInterrupted,
        [RunEventTypes.AttemptSent] = RunEventJson.Default.AttemptSent,
        [RunEventTypes.AttemptRetryScheduled] = RunEventJson.Default.AttemptRetryScheduled,
        [RunEventTypes.AttemptSuperseded] = RunEventJson.Default.AttemptSuperseded,
        [RunEventTypes.TransportConnecting] = RunEventJson.Default.TransportConnecting,
        [RunEventTypes.TransportQueued] = RunEventJson.Default.TransportQueued,
        [RunEventTypes.TransportConnected] = RunEventJson.Default.TransportConnected,
        [RunEventTypes.TransportWarmed] = RunEventJson.Default.TransportWarmed,
        [RunEventTypes.TransportLost] = RunEventJson.Default.TransportLost,
        [RunEventTypes.TransportFellBack] = RunEventJson.Default.TransportFellBack,
        [RunEventTypes.TransportClosed] = RunEventJson.Default.TransportClosed,
        [RunEventTypes.ToolRequested] = RunEventJson.Default.ToolRequested,
        [RunEventTypes.ToolStarted] = RunEventJson.Default.ToolStarted,
        [RunEventTypes.ToolCompleted] = RunEventJson.Default.ToolCompleted,
        [RunEventTypes.ToolFailed] = RunEventJson.Default.ToolFailed,
        [RunEventTypes.ToolTimedOut] = RunEventJson.Default.ToolTimedOut,
        [RunEventTypes.ToolDenied] = RunEventJson.Default.ToolDenied,
        [RunEventTypes.ToolCancelled] = RunEventJson.Default.ToolCancelled,
        [RunEventTypes.ToolOutcomeUnknown] = RunEventJson.Default.ToolOutcomeUnknown,
        [RunEventTypes.CostRecorded] = RunEventJson.Default.CostRecorded,
        [RunEventTypes.BudgetReached] = RunEventJson.Default.BudgetReached,
        [RunEventTypes.BudgetRaised] = RunEventJson.Default.BudgetRaised,
        [RunEventTypes.ApprovalRequested] = RunEventJson.Default.ApprovalRequested,
        [RunEventTypes.ApprovalApproved] = RunEventJson.Default.ApprovalApproved,
        [RunEventTypes.ApprovalDenied] = RunEventJson.Default.ApprovalDenied,
        [RunEventTypes.ApprovalExpired] = RunEventJson.Default.ApprovalExpired,
        [RunEventTypes.SteerRequested] = RunEventJson.Default.SteerRequested,
        [RunEventTypes.SteerSent] = RunEventJson.Default.SteerSent,
        [RunEventTypes.SteerDelivered] = RunEventJson.Default.SteerDelivered,
        [RunEventTypes.SteerFailed] = RunEventJson.Default.SteerFailed,
        [RunEventTypes.InputOmitted] = RunEventJson.Default.InputOmitted,
        [RunEventTypes.CompactionStarted] = RunEventJson.Default.CompactionStarted,
        [RunEventTypes.CompactionCompleted] = RunEventJson.Default.CompactionCompleted,
        [RunEventTypes.CompactionFailed] = RunEventJson.Default.CompactionFailed,
        [RunEventTypes.QuestionAsked] = RunEventJson.Default.QuestionAsked,
        [RunEventTypes.QuestionAnswered] = RunEventJson.Default.QuestionAnswered,
        [RunEventTypes.QuestionExpired] = RunEventJson.Default.QuestionExpired,
        [RunEventTypes.SupervisorPaused] = RunEventJson.Default.SupervisorPaused,
        [RunEventTypes.SupervisorResumed] = RunEventJson.Default.SupervisorResumed,
        [RunEventTypes.SupervisorTookOver] = RunEventJson.Default.SupervisorTookOver,
        [RunEventTypes.SupervisorWrote] = RunEventJson.Default.SupervisorWrote,
        [RunEventTypes.SupervisorHandedBack] = RunEventJson.Default.SupervisorHandedBack,
        [RunEventTypes.SupervisorCancelledCall] = RunEventJson.Default.SupervisorCancelledCall,
        [RunEventTypes.SupervisorRetried] = RunEventJson.Default.SupervisorRetried,
        [RunEventTypes.RuleFired] = RunEventJson.Default.RuleFired,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, (string Type, JsonTypeInfo Record)> s_types =
        s_records.ToFrozenDictionary(pair => pair.Value.Type, pair => (pair.Key, pair.Value));

    /// <summary>The type of the event that says this.</summary>
    /// <exception cref="KeyNotFoundException">It is an <see cref="UnknownRunEvent"/>: nobody writes one.</exception>
    public static string TypeOf(RunEventPayload payload) => s_types[payload.GetType()].Type;

    /// <summary>The payload as UTF-8 JSON.</summary>
    /// <exception cref="KeyNotFoundException">It is an <see cref="UnknownRunEvent"/>: nobody writes one.</exception>
    public static ReadOnlyMemory<byte> Write(RunEventPayload payload) =>
        JsonSerializer.SerializeToUtf8Bytes(payload, s_types[payload.GetType()].Record);

    /// <summary>
    /// What an event of this type says. Never throws. Of a deleted payload the record has no fields, nor of one in which an object is
    /// something else.
    /// </summary>
    public static RunEventPayload Parse(string type, ReadOnlySpan<byte> data)
    {
        if (!s_records.TryGetValue(type, out var record))
        {
            return UnknownRunEvent.Instance;
        }

        try
        {
            return Read(data.IsEmpty ? "{}"u8 : data, record);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Half a surrogate pair is an InvalidOperationException.
            return IsObject(data) ? Read("{}"u8, record) : UnknownRunEvent.Instance;
        }
    }

    private static RunEventPayload Read(ReadOnlySpan<byte> data, JsonTypeInfo record) =>
        (RunEventPayload?)JsonSerializer.Deserialize(data, record) ?? UnknownRunEvent.Instance;

    private static bool IsObject(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        try
        {
            return reader.Read() && reader.TokenType is JsonTokenType.StartObject && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
