using Copilot.Demo.Upstream.Faults;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>Ends an answer early, as its length limit or the content filter does.</summary>
internal sealed class AnswerCut
{
    private const string Prefix = "incomplete_";

    private readonly FaultRequest _order;
    private int _deltas;

    private AnswerCut(FaultRequest order)
    {
        _order = order;
    }

    /// <summary>Why the response is incomplete, in the API's word.</summary>
    public string Reason => _order.Name[Prefix.Length..];

    public bool HasCut { get; private set; }

    public static AnswerCut? Of(FaultRequest? fault) =>
        fault?.Name.StartsWith(Prefix, StringComparison.Ordinal) is true ? new AnswerCut(fault) : null;

    /// <summary>Asked before every delta of the answer's text: whether it ends here.</summary>
    public bool IsHere()
    {
        HasCut |= _deltas++ == _order.At && _order.Apply();
        return HasCut;
    }
}
