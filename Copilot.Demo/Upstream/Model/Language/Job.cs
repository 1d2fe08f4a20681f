using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Model.Schemas;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model.Language;

/// <summary>
/// A task for one customer and its progress: what the request names, what the tools have found, and the
/// steps that are left. Every step is null once it is done.
/// </summary>
internal sealed class Job
{
    private const int MostChoices = 4;

    private readonly ModelTurn _turn;
    private readonly string? _customerPhrase;
    private readonly string? _partPhrase;

    public Job(ModelTurn turn, bool wantsPart, bool booksVisit)
    {
        _turn = turn;
        WantsPart = wantsPart && ToolRole.Reserve.In(turn.Tools) is not null;
        BooksVisit = booksVisit;
        _customerPhrase = Phrases.Customer(turn.Task);
        _partPhrase = Phrases.Parts(turn.Task) is [var first, ..] ? first : null;

        // A customer or part not named in this request is the one mentioned before.
        Customer = Chosen(ToolRole.FindCustomer, _customerPhrase);
        Part = Chosen(ToolRole.FindPart, _partPhrase);
        Slot = turn.CallsTo(ToolRole.FindSlots).LastOrDefault(call => call.Rows.Count > 0)?.Rows[0];
    }

    public bool WantsPart { get; }

    public bool BooksVisit { get; }

    public JsonElement? Customer { get; }

    public JsonElement? Part { get; }

    public JsonElement? Slot { get; }

    /// <summary>What a step returned in this task, or null.</summary>
    public JsonElement? Result(ToolRole role) =>
        _turn.CallsTo(role).LastOrDefault(call => call.Succeeded) is { Rows: [var row, ..] } ? row : null;

    /// <summary>Handles a failed call: tries once more with a better argument, else reports it to the person.</summary>
    public ModelPlan? Failed()
    {
        if (_turn.Calls.Count == 0 || _turn.Calls[^1] is not { Succeeded: false } failed)
        {
            // One of several parallel calls may have failed; what it was for decides whether that matters.
            failed = _turn.Calls.FirstOrDefault(call => !call.Succeeded && !_turn.Calls.Any(other => other.Name == call.Name && other.Succeeded));
            if (failed is null)
            {
                return null;
            }
        }

        return FailedCall.TryFix(_turn, failed, CollectFacts()) is { } better
            ? new ModelPlan("The tool did not like an argument; I correct it and try once more.", [better])
            : FailedCall.Report(failed, DoneSoFar());
    }

    /// <summary>Looks up the customer and the part in parallel; asks when none is found.</summary>
    public ModelPlan? LookUp()
    {
        var steps = new List<PlannedStep>();
        if (Customer is null && _customerPhrase is not null && Untried(ToolRole.FindCustomer) is { } customers)
        {
            steps.Add(Call(customers, new KnownFacts().Set("query", _customerPhrase)));
        }

        if (WantsPart && Part is null && _partPhrase is not null && Untried(ToolRole.FindPart) is { } parts)
        {
            steps.Add(Call(parts, new KnownFacts().Set("query", _partPhrase).Set("in_stock_only", true)));
        }

        if (steps.Count > 0)
        {
            var aims = steps.Count == 2 ? $"{_customerPhrase} and the {_partPhrase}" : Customer is null ? _customerPhrase : _partPhrase;
            return new ModelPlan($"First I look up {aims}.", [.. steps]);
        }

        if (Customer is null && ToolRole.FindCustomer.In(_turn.Tools) is not null)
        {
            if (_customerPhrase is null && Ask() is { } question)
            {
                return question;
            }

            return ModelPlan.Answer(_customerPhrase is null
                ? $"{ModelTurn.CustomerQuestion} this for? Give me the name and I will go on."
                : $"I found no customer that matches “{_customerPhrase}”. {ModelTurn.CustomerQuestion} it?");
        }

        // The whole phrase may say more than the part's name does; its last word is the thing itself.
        if (WantsPart && Part is null && _partPhrase?.Split(' ') is [_, .., var thing]
            && _turn.CallsTo(ToolRole.FindPart).Count == 1
            && ToolRole.FindPart.In(_turn.Tools) is { } search)
        {
            return new ModelPlan($"Nothing is called “{_partPhrase}”, so I search for “{thing}”.", [Call(search, new KnownFacts().Set("query", thing))]);
        }

        return null;
    }

    /// <summary>Finds a free slot; searches once more without skill and area when nothing is free.</summary>
    public ModelPlan? Slots()
    {
        if (Slot is not null || ToolRole.FindSlots.In(_turn.Tools) is not { } finder)
        {
            return null;
        }

        var period = Period.In(_turn.Task, _turn.Now);
        switch (_turn.CallsTo(ToolRole.FindSlots).Count)
        {
            case 0:
                return new ModelPlan("Now I need a technician who is free.", [Call(finder, CollectFacts().Set("from", period.FromText).Set("to", period.ToText))]);
            case 1:
                var wide = new KnownFacts().Set("from", Period.In(string.Empty, _turn.Now).FromText).Set("to", Period.In(string.Empty, _turn.Now).ToText);
                return new ModelPlan("Nobody is free there, so I look further.", [Call(finder, wide)]);
            default:
                return ModelPlan.Answer($"I found no free slot for {Row.Title(Customer)}, so I booked nothing. {DoneSoFar()}".TrimEnd());
        }
    }

    /// <summary>A sentence when fewer pieces were reserved than requested; else empty.</summary>
    public string Shortfall() =>
        Phrases.Quantity(_turn.Task) is { } asked
        && Result(ToolRole.Reserve)?.Member("quantity") is { ValueKind: JsonValueKind.Number } reserved
        && reserved.GetDouble() < asked
            ? string.Create(CultureInfo.InvariantCulture, $"\nYou asked for {asked}; {reserved.GetRawText()} is what could be reserved.\n")
            : string.Empty;

    public ModelPlan? Reserve() =>
        WantsPart && Part is not null ? Once(ToolRole.Reserve, $"I put the {Row.Title(Part)} aside.") : null;

    /// <summary>A step that is done once, if there is a tool for it.</summary>
    public ModelPlan? Once(ToolRole role, string thought) =>
        role.In(_turn.Tools) is { } tool && _turn.CallsTo(role).Count == 0 ? new ModelPlan(thought, [Call(tool, CollectFacts())]) : null;

    private KnownFacts CollectFacts() => new KnownFacts()
        .AddRow(Part)
        .AddRow(Customer)
        .AddRow(Slot)
        .AddRow(Result(ToolRole.Reserve))
        .AddRow(Result(ToolRole.Book))
        .Set("customer_id", Row.Id(Customer, "customer"))
        .Set("part_id", Row.Id(Part, "part"))
        .Set("slot_id", Row.Id(Slot, "slot"))
        .Set("quantity", Phrases.Quantity(_turn.Task) ?? 1)
        .Set("note", Note());

    private string Note()
    {
        var asked = _turn.Task.ReplaceLineEndings(" ").Trim();
        if (Result(ToolRole.Book) is not { } booking)
        {
            return BooksVisit ? asked : Phrases.Note(asked) ?? asked;
        }

        var part = Result(ToolRole.Reserve) is null ? string.Empty : $", {Row.Title(Part)} reserved";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Visit booked: {Row.Show(booking, "technician") ?? Row.Show(Slot, "technician")}, {Row.Show(booking, "starts_at") ?? Row.Show(Slot, "starts_at")}{part}. Asked: {asked}");
    }

    private JsonElement? Chosen(ToolRole role, string? phrase)
    {
        var found = _turn.CallsTo(role).LastOrDefault(call => call.Rows.Count > 0);
        if (found is not null)
        {
            return Row.Best(found.Rows, phrase);
        }

        var earlier = _turn.EarlierCalls.LastOrDefault(call => role.Fits(call.Name) && call.Rows.Count > 0);
        if (earlier is null)
        {
            return null;
        }

        var best = Row.Best(earlier.Rows, phrase);
        return phrase is null || Row.Title(best).Contains(phrase, StringComparison.OrdinalIgnoreCase) ? best : null;
    }

    /// <summary>Asks for the customer in a form, once, where there is one; what was found before is offered to choose from.</summary>
    private ModelPlan? Ask()
    {
        if (Untried(ToolRole.AskPerson) is not { } tool)
        {
            return null;
        }

        var known = _turn.EarlierCalls.Where(call => ToolRole.FindCustomer.Fits(call.Name)).SelectMany(call => call.Rows.Take(2))
            .Select(row => Row.Title(row)).Distinct().Take(MostChoices).ToArray();
        var arguments = new JsonObject
        {
            ["question"] = $"{ModelTurn.CustomerQuestion} this for?",
            ["choices"] = known.Length > 1 ? new JsonArray([.. known.Select(name => JsonValue.Create(name))]) : null,
            ["allow_text"] = true,
        };
        return new ModelPlan("I do not know whom this is for, so I ask.", [new PlannedCall(tool.Name, arguments)]);
    }

    private FunctionTool? Untried(ToolRole role) =>
        _turn.CallsTo(role).Count == 0 ? role.In(_turn.Tools) : null;

    private PlannedCall Call(FunctionTool tool, KnownFacts facts) => new(tool.Name, new ArgumentFiller(_turn, facts).Fill(tool));

    private string DoneSoFar()
    {
        var done = new List<string>();
        if (Result(ToolRole.Reserve) is { } reservation)
        {
            done.Add($"- reserved: {Row.Title(Part)} (`{Row.Id(reservation, "reservation")}`)");
        }

        if (Result(ToolRole.Book) is { } booking)
        {
            done.Add($"- booked: {Row.Show(Slot, "starts_at")} (`{Row.Id(booking, "booking")}`)");
        }

        return done.Count == 0 ? string.Empty : $"Done before that:\n\n{string.Join('\n', done)}";
    }
}
