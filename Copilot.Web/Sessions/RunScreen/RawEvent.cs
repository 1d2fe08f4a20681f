using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Sessions.RunScreen;

/// <summary>A row of the raw events. Its payload is read when somebody opens it.</summary>
/// <param name="Seq">The event's number.</param>
/// <param name="At">When it happened (UTC).</param>
/// <param name="Since">Time since the event before it; null for the first.</param>
/// <param name="Source">Who caused it.</param>
/// <param name="Actor">The person behind it, or null.</param>
/// <param name="Type">Its type.</param>
/// <param name="Bytes">Size of its payload in bytes.</param>
/// <param name="Beginning">The first characters of its payload, in one line; empty when it was erased.</param>
public sealed record RawEvent(
    long Seq, DateTimeOffset At, TimeSpan? Since, EventSource Source, EventActor? Actor, string Type, int Bytes, string Beginning);
