using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs.Summaries;

namespace Copilot.Domain.Runs.Events.Payloads;

internal sealed class TransportKindConverter() : WordConverter<TransportKind>((TransportKind.WebSocket, "websocket"), (TransportKind.Http, "http"));

internal sealed class SendModeConverter() : WordConverter<SendMode>((SendMode.Full, "full"), (SendMode.Delta, "delta"));

internal sealed class UpstreamClockConverter() : WordConverter<UpstreamTimeout>(
    [.. Enum.GetValues<UpstreamTimeout>().Select(clock => (clock, clock.Wire()))]);

internal sealed class OnBudgetConverter() : WordConverter<OnBudget>((OnBudget.Stop, "stop"), (OnBudget.Ask, "ask"));

internal sealed class ApprovalKindConverter() : WordConverter<ApprovalKind>((ApprovalKind.Tool, "tool"), (ApprovalKind.Mcp, "mcp"));

internal sealed class SteerRouteConverter() : WordConverter<SteerRoute>((SteerRoute.Steer, "steer"), (SteerRoute.NextRequest, "next_request"));

internal sealed class CostSubjectConverter() : WordConverter<CostSubject>(
    (CostSubject.Response, "response"), (CostSubject.Compaction, "compaction"), (CostSubject.WarmUp, "warm_up"));

internal sealed class RuleEffectConverter() : WordConverter<RuleEffect>(
    (RuleEffect.Alert, "alert"), (RuleEffect.Pause, "pause"), (RuleEffect.Approval, "approval"));
