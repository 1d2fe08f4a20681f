namespace Copilot.Domain.Replay.Export;

/// <summary>The first line of an exported file: what it holds, and what was left out of it.</summary>
/// <param name="Runs">Ids of the runs in it, in the order in which they are written.</param>
/// <param name="Clip">The events of its one run that it holds; null for all of them.</param>
/// <param name="Redacted">What was made unreadable: <c>arguments</c>, <c>results</c>, <c>names</c>, <c>words</c>. Empty for an exact copy.</param>
public sealed record ExportHeader(IReadOnlyList<string> Runs, SeqRange? Clip, IReadOnlyList<string> Redacted);
