using Copilot.Domain.Responses.Requests;

namespace Copilot.Domain.Runs.Input;

/// <summary>
/// The calls that have no output yet, and where their outputs stand among the items: in the order of the calls, whichever ended first,
/// because servers with templates rely on it.
/// </summary>
/// <param name="items">The items of the run. Outputs are inserted into it.</param>
internal sealed class CallOutputs(List<InputItem> items)
{
    private readonly List<PendingCall> _unanswered = [];
    private readonly Dictionary<string, string> _early = [];
    private readonly HashSet<string> _started = [];
    private readonly List<string> _round = [];
    private readonly HashSet<string> _answered = [];
    private int _from;

    /// <summary>Calls that count and have no output yet, in the order the model made them.</summary>
    public IReadOnlyList<PendingCall> Unanswered => _unanswered;

    /// <summary>True when a call's tool was started.</summary>
    public bool WasStarted(string callId) => _started.Contains(callId);

    /// <summary>A call's tool was started.</summary>
    public void Start(string callId) => _started.Add(callId);

    /// <summary>Adds a call of the response that has just ended.</summary>
    public void Add(PendingCall call) => _unanswered.Add(call);

    /// <summary>Forgets the calls: nothing stands for them any more.</summary>
    public void Clear() => _unanswered.Clear();

    /// <summary>From here on come the outputs of the calls that have none.</summary>
    public void Begin()
    {
        MoveToEnd();
        _answered.Clear();
        _round.Clear();
        _round.AddRange(_unanswered.Select(call => call.CallId));
    }

    /// <summary>A message stands before the outputs that wait upstream; where an output was given, it follows.</summary>
    public void MoveBehindMessage()
    {
        if (_answered.Count == 0)
        {
            MoveToEnd();
        }
    }

    /// <summary>Outputs follow all there is.</summary>
    public void MoveToEnd() => _from = items.Count;

    /// <summary>Gives the calls their outputs that came before the response had ended.</summary>
    public void AnswerEarly()
    {
        foreach (var call in _unanswered.ToArray())
        {
            if (_early.Remove(call.CallId, out var output))
            {
                Answer(call.CallId, output, isOpen: false);
            }
        }
    }

    /// <summary>Gives a call its output.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="output">What its tool returned.</param>
    /// <param name="isOpen">True while the response is under way: the output may be logged before its call counts.</param>
    public void Answer(string callId, string output, bool isOpen)
    {
        var index = _unanswered.FindIndex(call => call.CallId == callId && !call.IsMcp);
        if (index < 0)
        {
            if (isOpen)
            {
                // A second one for the same call changes nothing.
                _early.TryAdd(callId, output);
            }

            return;
        }

        Insert(
            callId,
            _unanswered[index].IsFreeText ? InputItem.CustomToolCallOutput(callId, output) : InputItem.FunctionCallOutput(callId, output));
        _unanswered.RemoveAt(index);

        // Some upstreams use an id again in a later response: that is another call.
        _started.Remove(callId);
    }

    /// <summary>Answers the upstream's question about a call of an MCP server.</summary>
    /// <returns>The call, or null where that question is not open.</returns>
    public PendingCall? AnswerMcp(string requestId, InputItem response)
    {
        var index = _unanswered.FindIndex(call => call.CallId == requestId && call.IsMcp);
        if (index < 0)
        {
            return null;
        }

        var asked = _unanswered[index];
        _unanswered.RemoveAt(index);
        Insert(requestId, response);
        return asked;
    }

    private void Insert(string callId, InputItem output)
    {
        var before = _round.TakeWhile(id => id != callId).Count(_answered.Contains);
        items.Insert(Math.Min(_from + before, items.Count), output);
        _answered.Add(callId);
    }
}
