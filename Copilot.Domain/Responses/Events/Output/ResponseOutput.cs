using System.Collections.Immutable;

namespace Copilot.Domain.Responses.Events.Output;

/// <summary>
/// The output of one response, reconciled from everything that was said of it: <c>added</c>, deltas, <c>done</c> and the terminal
/// response. Tools, history, API and timeline all read it here, so that they cannot differ.
/// </summary>
/// <remarks>
/// The later event wins where it says something; an empty or absent field never wipes out an earlier one. What only the terminal
/// response has counts, once. Two calls with one id are two calls, and the second one gets an id of its own. Immutable.
/// </remarks>
public sealed class ResponseOutput
{
    // Nobody makes more items; who sends them wants each to be compared with all.
    private const int MostItems = 2_000;

    private readonly ImmutableArray<OutputDraft> _drafts;
    private readonly int _latest;
    private readonly bool _isComplete;

    private ResponseOutput(ImmutableArray<OutputDraft> drafts, int latest, bool isComplete) =>
        (_drafts, _latest, _isComplete) = (drafts, latest, isComplete);

    /// <summary>A response of which nothing was said yet.</summary>
    public static ResponseOutput Empty { get; } = new([], -1, isComplete: false);

    /// <summary>True when anything was said of an item.</summary>
    public bool Any => _drafts.Length > 0;

    /// <summary>The item that the newest event was about, with all that is known of it; null before the first.</summary>
    public OutputItem? Latest => _latest < 0 ? null : _drafts[_latest].Item;

    /// <summary>How many UTF-16 code units were streamed for the item that the newest event was about.</summary>
    internal int LatestLength => _latest < 0 ? 0 : _drafts[_latest].Texts.Sum(text => text.Text.Length);

    /// <summary>The number of the item that the newest event was about, or -1. Items are numbered as they began, and keep their number.</summary>
    internal int LatestNumber => _latest;

    /// <summary>Once the response has ended: the numbers of the items of its terminal event, in their order there.</summary>
    internal ImmutableArray<int> TerminalNumbers { get; private init; } = [];

    /// <summary>An item by its number.</summary>
    internal OutputDraft this[int number] => _drafts[number];

    /// <summary>True when a call got another id than the upstream gave it: the upstream does not know its output by that.</summary>
    public bool HasOwnCallIds => _drafts.Any(draft => draft is { IsCall: true } && draft.Item.CallId != draft.Said?.CallId);

    /// <summary>The items that are final, in their order.</summary>
    public IReadOnlyList<OutputItem> Finished => [.. InOrder(draft => draft.Done).Select(draft => draft.Item)];

    /// <summary>
    /// The items once the response has ended, each with its place. Of one that completed also calls and texts that began and were never
    /// called final: the end of the response is theirs.
    /// </summary>
    public IReadOnlyList<(int Place, OutputItem Item)> Ended => [.. InOrder(HasCounted).Select(draft => (draft.Index, draft.Item))];

    /// <summary>All output text so far.</summary>
    public string Text => string.Concat(InOrder(draft => draft.Type == "message").Select(draft => draft.Item.Text));

    /// <summary>With what one more event says of the output. Events that say nothing of it change nothing.</summary>
    public ResponseOutput Apply(ResponseEvent received) => received switch
    {
        OutputItemEvent item => WithItem(item),
        TextDeltaEvent { Delta.Length: > 0 } delta => WithText(delta.Kind, delta.ItemId, delta.OutputIndex, delta.PartIndex, delta.Delta, whole: false),
        TextDoneEvent { Text.Length: > 0 } done => WithText(done.Kind, done.ItemId, done.OutputIndex, done.PartIndex, done.Text, whole: true),
        PartEvent { Done: true, Text.Length: > 0 } part when KindOf(part.PartType) is { } kind =>
            WithText(kind, part.ItemId, part.OutputIndex, part.PartIndex, part.Text, whole: true),
        ResponseLifecycleEvent { IsTerminal: true } ended => WithTerminal(ended.Response),
        _ => this,
    };

    private IEnumerable<OutputDraft> InOrder(Func<OutputDraft, bool> counts) => _drafts.Where(counts).OrderBy(draft => draft.Index);

    private bool HasCounted(OutputDraft draft) => draft.Done || draft switch
    {
        { IsCall: true } => _isComplete,
        { Type: "message" } => draft.Item.Text.Length > 0 || draft.Item.Refusal is { Length: > 0 },
        _ => false,
    };

    private ResponseOutput WithItem(OutputItemEvent received)
    {
        var item = received.Item;
        var place = item.Id is null ? -1 : First(draft => draft.Id == item.Id && draft.Fits(item.Type) && (!draft.Done || MayHaveCallId(draft, item)));
        if (place < 0 && item.CallId is not null)
        {
            place = First(draft => draft.CallId == item.CallId && draft.Fits(item.Type) && IsSameCall(draft, received));
        }

        if (place < 0)
        {
            place = First(draft => draft.Index == received.OutputIndex && !draft.Done && draft.Fits(item.Type)
                && MayHaveCallId(draft, item));
        }

        if (place < 0 && received.Done)
        {
            // Told once more, by an upstream that gives no ids.
            place = First(draft => draft.Done && draft.Index == received.OutputIndex && IsTheSameNameless(draft, item));
        }

        return Put(place, received.OutputIndex, item, received.Done);
    }

    private int First(Predicate<OutputDraft> isIt)
    {
        for (var place = 0; place < _drafts.Length; place++)
        {
            if (isIt(_drafts[place]))
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>Whether an id that is there already means the call that is there already.</summary>
    private static bool IsSameCall(OutputDraft draft, OutputItemEvent received) =>
        draft.Index == received.OutputIndex
            ? !draft.Done || ((draft.Id is null || received.Item.Id is null) && (!received.Done || draft.Item.Arguments == received.Item.Arguments))
            : draft.Id is null && received.Item.Id is null && !draft.Done;

    private ResponseOutput Put(int place, int index, OutputItem item, bool done)
    {
        if (place < 0 && _drafts.Length >= MostItems)
        {
            return this;
        }

        var old = place < 0 ? new OutputDraft { Type = item.Type, Index = index } : _drafts[place];
        return With(place, old, old.With(item, done));
    }

    private ResponseOutput With(int place, OutputDraft old, OutputDraft draft)
    {
        if (draft.IsCall && (place < 0 || !old.IsCall || old.ToldCallId != draft.ToldCallId))
        {
            draft = draft with { OwnCallId = FreeCallId(draft.ToldCallId, place) };
        }

        return place < 0
            ? new ResponseOutput(_drafts.Add(draft), _drafts.Length, _isComplete)
            : new ResponseOutput(_drafts.SetItem(place, draft), place, _isComplete);
    }

    /// <summary>The id for a call where another one has the same, so that each is carried out once and answered once; else null.</summary>
    private string? FreeCallId(string told, int place)
    {
        if (!IsTaken(told))
        {
            return null;
        }

        var number = 2;
        while (IsTaken($"{told}_{number}"))
        {
            number++;
        }

        return $"{told}_{number}";

        bool IsTaken(string callId)
        {
            for (var other = 0; other < _drafts.Length; other++)
            {
                if (other != place && _drafts[other].IsCall && _drafts[other].CalledAs == callId)
                {
                    return true;
                }
            }

            return false;
        }
    }

    private ResponseOutput WithText(DeltaKind kind, string? itemId, int index, int part, string text, bool whole)
    {
        var type = kind.ItemType();
        var place = PlaceOf(itemId, index, type);
        if (place < 0 && _drafts.Length >= MostItems)
        {
            return this;
        }

        var old = place < 0 ? new OutputDraft { Type = type, Index = index, Id = itemId } : _drafts[place];
        return With(place, old, old.With(kind, part, text, whole));
    }

    /// <summary>The number of the newest item that a text or a note belongs to, or -1. Asked at every delta, so without a closure.</summary>
    internal int PlaceOf(string? itemId, int index, string type)
    {
        for (var place = _drafts.Length - 1; place >= 0 && itemId is not null; place--)
        {
            if (_drafts[place].Id == itemId && _drafts[place].Fits(type))
            {
                return place;
            }
        }

        for (var place = _drafts.Length - 1; place >= 0; place--)
        {
            if (_drafts[place] is var draft && draft.Index == index && draft.Fits(type) && (!draft.Done || itemId is null))
            {
                return place;
            }
        }

        return -1;
    }

    private ResponseOutput WithTerminal(ResponseSnapshot response)
    {
        var output = this;
        var matched = new HashSet<int>();
        var numbers = ImmutableArray.CreateBuilder<int>(response.Output.Count);
        var told = response.Output.SelectMany(item => new[] { item.CallId, item.Id }).OfType<string>().ToHashSet();
        for (var index = 0; index < response.Output.Count; index++)
        {
            var place = output.Match(response.Output[index], index, matched, told);
            if (place < 0 && output._drafts.Length >= MostItems)
            {
                break;
            }

            matched.Add(place < 0 ? output._drafts.Length : place);
            output = output.Put(place, index, response.Output[index], done: true);
            numbers.Add(output._latest);
        }

        return new ResponseOutput(output._drafts, output._latest, response.Status is ResponseStatus.Completed) { TerminalNumbers = numbers.ToImmutable() };
    }

    /// <summary>Which known item one of the terminal response is. Some upstreams give other ids there than they streamed.</summary>
    private int Match(OutputItem item, int index, HashSet<int> matched, HashSet<string> told)
    {
        return Find(draft => item.Id is not null && draft.Id == item.Id && MayHaveCallId(draft, item))
            ?? Find(draft => draft.Index == index && IsTheSameNameless(draft, item))
            ?? Find(draft => IsTheSameNameless(draft, item))
            ?? Find(draft => item.CallId is not null && draft.CallId == item.CallId)
            ?? Find(draft => item.Id is not null && draft.Id == item.Id && !told.Contains(draft.CallId ?? ""))
            ?? Find(draft => draft.Index == index && MayBe(draft))
            ?? Find(draft => draft is { IsCall: true, Index: var streamed } && streamed == index && !told.Contains(draft.CallId ?? "") && IsTheSame(draft, item))
            ?? Find(draft => draft.Done && MayBe(draft) && (draft.Id is null || item.Id is null))
            ?? Find(draft => draft.IsCall && !told.Contains(draft.CallId ?? "") && !told.Contains(draft.Id ?? "") && IsTheSame(draft, item))
            ?? -1;

        int? Find(Predicate<OutputDraft> isIt)
        {
            for (var place = 0; place < _drafts.Length; place++)
            {
                if (!matched.Contains(place) && _drafts[place].Fits(item.Type) && isIt(_drafts[place]))
                {
                    return place;
                }
            }

            return null;
        }

        bool MayBe(OutputDraft draft) =>
            (draft.CallId is null || item.CallId is null)
            && (!draft.Done || draft.Item.Text.Length == 0 || item.Text.Length == 0 || draft.Item.Text == item.Text);
    }

    /// <summary>Two calls with one item's id are two where each has a call's id of its own.</summary>
    private static bool MayHaveCallId(OutputDraft draft, OutputItem item) => draft.CallId is null || item.CallId is null || draft.CallId == item.CallId;

    /// <summary>Whether both are a call of the same tool with the same arguments.</summary>
    private static bool IsTheSame(OutputDraft draft, OutputItem item) =>
        draft.Fits(item.Type) && draft.Item.Name == item.Name && draft.Item.Arguments == item.Arguments;

    /// <summary>Whether both are one call of an upstream that gives no ids.</summary>
    private static bool IsTheSameNameless(OutputDraft draft, OutputItem item) =>
        draft is { IsCall: true, Id: null, CallId: null } && item is { Id: null, CallId: null } && IsTheSame(draft, item);

    private static DeltaKind? KindOf(string partType) => partType switch
    {
        "output_text" or "text" => DeltaKind.OutputText,
        "refusal" => DeltaKind.Refusal,
        _ => null,
    };
}
