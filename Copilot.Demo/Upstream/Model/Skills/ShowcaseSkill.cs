using Copilot.Demo.Upstream.Model.Language;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Shows what the chat can render: headings, lists, a table, code, a quotation, a link.</summary>
internal sealed class ShowcaseSkill : ISkill
{
    private const string Showcase = """
        ## A tour of Markdown

        Text can be **bold**, *italic*, ~~struck out~~ or `code`, and it can link to [example.com](https://example.com/).

        1. Numbered lists count
        2. and may hold others
           - like this one
           - and this

        | Part | In stock | Price |
        | --- | ---: | ---: |
        | Cooling pump | 4 | £ 312.00 |
        | Fan belt | 27 | £ 18.40 |

        > A quotation stands a little aside.

        ```csharp
        foreach (var part in parts.Where(part => part.InStock > 0))
        {
            Console.WriteLine($"{part.Name}: {part.InStock}");
        }
        ```

        ---

        That is all of it.
        """;

    public ModelPlan? TryPlan(ModelTurn turn) =>
        Phrases.Has(turn.Task, "markdown") || (Phrases.HasAny(turn.Task, "show", "make", "draw") && Phrases.Has(turn.Task, "table") && !Phrases.HasAny(turn.Task, "part*", "stock", "customer*", "slot*"))
            ? ModelPlan.Answer(Showcase)
            : null;
}
