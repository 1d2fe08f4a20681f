using System.Text;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Says what this model is and what it can do here. It fits every request, so it comes last.</summary>
internal sealed class IntroductionSkill : ISkill
{
    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (turn.Calls.Count > 0 && !turn.Calls[^1].Succeeded)
        {
            return FailedCall.Report(turn.Calls[^1], string.Empty);
        }

        var text = new StringBuilder("I am the demo model: I follow rules, I do not understand language as a real model does. ");
        text.Append("Here is what I can do:\n\n");
        foreach (var (role, example) in s_examples)
        {
            if (role.In(turn.Tools) is not null)
            {
                text.Append("- ").Append(example).Append('\n');
            }
        }

        foreach (var (type, example) in s_hosted)
        {
            if (turn.Has(type))
            {
                text.Append("- ").Append(example).Append('\n');
            }
        }

        text.Append("- **Look at a file**: attach one to your message\n");
        text.Append("- **Markdown and code**: “Show me Markdown”, “Write code in Python”\n");
        text.Append("- **Remember**: “My name is Ada”, later “What is my name?”\n");
        text.Append("\nFor anything else, point the product at a real model.");
        return ModelPlan.Answer(text.ToString());
    }

    private static readonly (ToolRole Role, string Example)[] s_examples =
    [
        (ToolRole.Book, "**Book a visit**: “Contoso's cooling pump is broken, book a technician and reserve the spare”"),
        (ToolRole.FindPart, "**Check the stock**: “How many fan belts do we have?”"),
        (ToolRole.FindCustomer, "**Find a customer**: “Look up Contoso”"),
        (ToolRole.FindSlots, "**Find free slots**: “Which technicians are free tomorrow?”"),
        (ToolRole.Reserve, "**Reserve a part**: “Reserve 2 fan belts for Contoso”"),
        (ToolRole.PlaceOrder, "**Order a part**, which a person approves first: “Order 2 fan belts”"),
        (ToolRole.AddNote, "**Add a note**: “Add a note for Contoso: the gate is locked at night”"),
    ];

    private static readonly (string Type, string Example)[] s_hosted =
    [
        ("web_search", "**Search the web**: “Search the web for quiet heat pumps”"),
        ("image_generation", "**Draw**: “Draw a harbour in the evening”"),
        ("code_interpreter", "**Calculate with Python**: “Calculate 12 * 7.5 with Python”"),
    ];
}
