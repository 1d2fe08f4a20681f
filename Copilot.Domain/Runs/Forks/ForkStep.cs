namespace Copilot.Domain.Runs.Forks;

/// <summary>A step of a run that another run can begin with: the question, or a response with its calls.</summary>
/// <param name="Number">Its place in the run, from 1.</param>
/// <param name="Seq">Seq of the event that it begins with.</param>
/// <param name="IsMessage">True for the question.</param>
public sealed record ForkStep(int Number, long Seq, bool IsMessage)
{
    /// <summary>The question, or what the response says to the person.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the response called, in its order.</summary>
    public IReadOnlyList<ForkCall> Calls { get; init; } = [];

    /// <summary>The first event that is about a call of it.</summary>
    public long SeqOf(ForkCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return CallsBySeq.Where(pair => pair.Value == call.CallId).Select(pair => pair.Key).DefaultIfEmpty(Seq).Min();
    }

    /// <summary>The run's seq up to which its conversation stands before this step; null where nothing of the run does.</summary>
    internal long? HistorySeq { get; init; }

    /// <summary>The response as input items, where it has ended.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Items { get; init; } = [];

    /// <summary>Which call each event is about.</summary>
    internal IReadOnlyDictionary<long, string> CallsBySeq { get; init; } = new Dictionary<long, string>();
}
