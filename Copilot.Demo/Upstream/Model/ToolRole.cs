using System.Text;

namespace Copilot.Demo.Upstream.Model;

/// <summary>
/// What a tool is for, read from its name: the model has no list of the product's tools, it recognises a tool by the
/// words in its name, as it would one it has never seen.
/// </summary>
internal sealed record ToolRole(string[] Verbs, string[] Nouns)
{
    private static readonly string[] s_looking =
        ["find", "search", "get", "list", "look", "lookup", "read", "check", "query", "show", "fetch", "describe"];

    public static ToolRole FindCustomer { get; } = new(s_looking, ["customer", "customers", "crm", "client", "account", "contact"]);

    public static ToolRole FindPart { get; } = new(s_looking, ["inventory", "part", "parts", "stock", "spare", "warehouse", "product"]);

    public static ToolRole FindSlots { get; } = new(s_looking, ["slot", "slots", "schedule", "availability", "appointment", "technician"]);

    public static ToolRole Reserve { get; } = new(["reserve", "hold", "allocate"], []);

    public static ToolRole Book { get; } = new(["book"], []);

    public static ToolRole AddNote { get; } = new(["add", "create", "write", "append"], ["note", "notes", "comment"]);

    public static ToolRole PlaceOrder { get; } = new(["place", "order", "buy", "purchase"], ["order", "orders", "purchase"]);

    public static ToolRole FindOrders { get; } = new(s_looking, ["order", "orders"]);

    /// <summary>Asks the person. It is none of <see cref="All"/>: its output is what they said.</summary>
    public static ToolRole AskPerson { get; } = new(["ask"], ["user", "person", "question"]);

    public static ToolRole AskForHelp { get; } = new(["request", "ask", "call", "get"], ["help", "human", "supervisor", "person", "assistance"]);

    public static IReadOnlyList<ToolRole> All { get; } =
        [FindCustomer, FindPart, FindSlots, Reserve, Book, AddNote, PlaceOrder, FindOrders, AskForHelp];

    /// <summary>Whether a tool of this name has any of the roles.</summary>
    public static bool IsKnown(string toolName) => All.Any(role => role.Fits(toolName));

    /// <summary>The first of the tools with this role, or null.</summary>
    public FunctionTool? In(IEnumerable<FunctionTool> tools) => tools.FirstOrDefault(tool => Fits(tool.Name));

    public bool Fits(string toolName)
    {
        var words = Words(toolName);

        // One word is both only where it comes first: "order_parts" places an order, "delete_order" does not.
        return words.Any(verb => Verbs.Contains(verb)
            && (Nouns.Length == 0
                || words.Any(noun => Nouns.Contains(noun) && (!ReferenceEquals(noun, verb) || ReferenceEquals(verb, words[0])))));
    }

    public static bool LooksReadOnly(FunctionTool tool) => Words(tool.Name).Any(s_looking.Contains);

    /// <summary>The lower-case words of an identifier: <c>crm_find_customer</c>, <c>findCustomer</c>, <c>crm-find</c>.</summary>
    public static IReadOnlyList<string> Words(string identifier)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var character in identifier)
        {
            if (!char.IsLetterOrDigit(character) || (char.IsUpper(character) && word.Length > 0 && !char.IsUpper(word[^1])))
            {
                Take();
            }

            if (char.IsLetterOrDigit(character))
            {
                word.Append(character);
            }
        }

        Take();
        return words;

        void Take()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString().ToLowerInvariant());
                word.Clear();
            }
        }
    }
}
