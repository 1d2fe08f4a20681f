using Copilot.Demo.Upstream.Faults;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>Ends an answer early, as its length limit or the content filter does.</summary>
internal sealed class AnswerCut
{
    private const string Prefix = "incomplete_";

    private readonly FaultRequest _fault;
    private int _deltas;

    private AnswerCut(FaultRequest fault)
    {
        _fault = fault;
    }

    /// <summary>Why the response is incomplete, as the API names it.</summary>
    public string Reason => _fault.Name[Prefix.Length..];

    public bool HasCut { get; private set; }

    public static AnswerCut? Of(FaultRequest? fault) =>
        fault?.Name.StartsWith(Prefix, StringComparison.Ordinal) is true ? new AnswerCut(fault) : null;

    /// <summary>True when the answer ends here; called before every delta of its text.</summary>
    public bool IsHere()
    {
        HasCut |= _deltas++ == _fault.At && _fault.Apply();
        return HasCut;
    }
}
