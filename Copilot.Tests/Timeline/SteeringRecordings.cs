using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Timeline;

/// <summary>Runs that were told something, and runs whose conversation was made short.</summary>
internal static class SteeringRecordings
{
    public static RunLogBuilder Compacted() => new RunLogBuilder()
        .Begin()
        .Connect()
        .Own(RunEventTypes.CompactionStarted, new { reason = "It would not fit.", input_items = 120, bytes = 400_000 })
        .Own(RunEventTypes.CompactionFailed, new { reason = "The upstream stayed silent." })
        .Own(RunEventTypes.CompactionStarted, new { reason = "It is too long.", input_items = 120, bytes = 400_000 })
        .Own(RunEventTypes.CompactionCompleted, new { items = new object[] { new { type = "compaction" } }, kept = 1, usage = new { input_tokens = 1000, cached_tokens = 10, output_tokens = 50, reasoning_tokens = 0 } })
        .Send(1, "resp_1")
        .Message(0, "msg_1", "final_answer", "Leeds.")
        .Complete("resp_1")
        .Own(RunEventTypes.CompactionStarted, new { reason = "It would not fit.", input_items = 3, bytes = 900 })
        .Own(RunEventTypes.RunCancelled, new { duration_ms = 10 });

    public static RunLogBuilder Steered() => new RunLogBuilder()
        .Begin()
        .Connect()
        .Send(1, "resp_1")
        .Own(RunEventTypes.SteerRequested, new { steer_id = "s1", text = "Keep it short." }, actor: new EventActor("usr_2", "Supervisor"))
        .Own(RunEventTypes.SteerSent, new { steer_id = "s1", response_id = "resp_1" })
        .Frame("""{"type":"response.steer.accepted","steer":{"id":"steer_1","previous_response_id":"resp_1"}}""")
        .Own(RunEventTypes.SteerRequested, new { steer_id = "s2", text = "In French." }, actor: new EventActor("usr_1", "Staff"))
        .Own(RunEventTypes.SteerSent, new { steer_id = "s2", response_id = "resp_1" })
        .Frame("""{"type":"response.steer.failed","steer":{"previous_response_id":"resp_1"},"error":{"code":"too_many_pending_steers","message":"No."}}""")
        .Own(RunEventTypes.SteerFailed, new { steer_id = "s2", reason = "No." })
        .Frame("""{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete","incomplete_details":{"reason":"steered"}}}""")
        .Own(RunEventTypes.SteerDelivered, new { steer_id = "s1", how = "steer" })
        .Frame("""{"type":"response.created","response":{"id":"resp_2","status":"in_progress","output":[]}}""")
        .Message(0, "msg_2", "final_answer", "Leeds.")
        .Complete("resp_2")
        .Own(RunEventTypes.SteerDelivered, new { steer_id = "s2", how = "next_request" })
        .Send(2, "resp_3", "delta")
        .Own(RunEventTypes.SteerRequested, new { steer_id = "s3", text = "Wait!" }, actor: new EventActor("usr_1", "Staff"))
        .Own(RunEventTypes.SteerFailed, new { steer_id = "s3", reason = "The run ended first.", final = true })
        .Own(RunEventTypes.RunCancelled, new { duration_ms = 10 });
}
