using System.Text.Json.Serialization;

namespace Copilot.Domain.Runs.Events.Payloads;

/// <summary>How our own events are JSON: <see cref="RunEventRecords"/> reads and writes them.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(TolerantTextConverter), typeof(TolerantNumberConverter), typeof(TolerantCountConverter), typeof(TolerantFlagConverter),
        typeof(MillisecondsConverter), typeof(TransportKindConverter), typeof(SendModeConverter), typeof(UpstreamClockConverter),
        typeof(OnBudgetConverter), typeof(ApprovalKindConverter), typeof(SteerRouteConverter), typeof(CostSubjectConverter),
        typeof(RuleEffectConverter),
    ])]
[JsonSerializable(typeof(RunCreated))]
[JsonSerializable(typeof(RunForked))]
[JsonSerializable(typeof(UserMessage))]
[JsonSerializable(typeof(RunStarted))]
[JsonSerializable(typeof(RunWaiting))]
[JsonSerializable(typeof(RunResumed))]
[JsonSerializable(typeof(RunCompleted))]
[JsonSerializable(typeof(RunFailed))]
[JsonSerializable(typeof(RunCancelled))]
[JsonSerializable(typeof(RunInterrupted))]
[JsonSerializable(typeof(AttemptSent))]
[JsonSerializable(typeof(AttemptRetryScheduled))]
[JsonSerializable(typeof(AttemptSuperseded))]
[JsonSerializable(typeof(TransportConnecting))]
[JsonSerializable(typeof(TransportQueued))]
[JsonSerializable(typeof(TransportConnected))]
[JsonSerializable(typeof(TransportWarmed))]
[JsonSerializable(typeof(TransportLost))]
[JsonSerializable(typeof(TransportFellBack))]
[JsonSerializable(typeof(TransportClosed))]
[JsonSerializable(typeof(ToolRequested))]
[JsonSerializable(typeof(ToolStarted))]
[JsonSerializable(typeof(ToolCompleted))]
[JsonSerializable(typeof(ToolFailed))]
[JsonSerializable(typeof(ToolTimedOut))]
[JsonSerializable(typeof(ToolDenied))]
[JsonSerializable(typeof(ToolCancelled))]
[JsonSerializable(typeof(ToolOutcomeUnknown))]
[JsonSerializable(typeof(CostRecorded))]
[JsonSerializable(typeof(BudgetReached))]
[JsonSerializable(typeof(BudgetRaised))]
[JsonSerializable(typeof(ApprovalRequested))]
[JsonSerializable(typeof(ApprovalApproved))]
[JsonSerializable(typeof(ApprovalDenied))]
[JsonSerializable(typeof(ApprovalExpired))]
[JsonSerializable(typeof(SteerRequested))]
[JsonSerializable(typeof(SteerSent))]
[JsonSerializable(typeof(SteerDelivered))]
[JsonSerializable(typeof(SteerFailed))]
[JsonSerializable(typeof(InputOmitted))]
[JsonSerializable(typeof(CompactionStarted))]
[JsonSerializable(typeof(CompactionCompleted))]
[JsonSerializable(typeof(CompactionFailed))]
[JsonSerializable(typeof(QuestionAsked))]
[JsonSerializable(typeof(QuestionAnswered))]
[JsonSerializable(typeof(QuestionExpired))]
[JsonSerializable(typeof(SupervisorPaused))]
[JsonSerializable(typeof(SupervisorResumed))]
[JsonSerializable(typeof(SupervisorTookOver))]
[JsonSerializable(typeof(SupervisorWrote))]
[JsonSerializable(typeof(SupervisorHandedBack))]
[JsonSerializable(typeof(SupervisorCancelledCall))]
[JsonSerializable(typeof(SupervisorRetried))]
[JsonSerializable(typeof(RuleFired))]
internal sealed partial class RunEventJson : JsonSerializerContext;
