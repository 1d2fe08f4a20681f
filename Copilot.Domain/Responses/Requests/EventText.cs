namespace Copilot.Domain.Responses.Requests;

/// <summary>A long text inside an event of a run's log, such as an image in base64: the inside of a JSON string, escapes and all.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Seq">The event's number.</param>
/// <param name="Start">Bytes of the event's data before it.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record EventText(string RunId, long Seq, int Start, int Length);
