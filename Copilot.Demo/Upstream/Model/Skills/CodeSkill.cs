using Copilot.Demo.Upstream.Model.Language;

namespace Copilot.Demo.Upstream.Model.Skills;

/// <summary>Writes a small piece of code in the language that was asked for.</summary>
internal sealed class CodeSkill : ISkill
{
    private static readonly (string Word, string Fence, string Code)[] s_programs =
    [
        ("python", "python", """
            def fizz_buzz(limit: int) -> list[str]:
                return [
                    "Fizz" * (n % 3 == 0) + "Buzz" * (n % 5 == 0) or str(n)
                    for n in range(1, limit + 1)
                ]


            print("\n".join(fizz_buzz(15)))
            """),
        ("sql", "sql", """
            SELECT name, in_stock
            FROM parts
            WHERE in_stock > 0
            ORDER BY in_stock DESC
            LIMIT 10;
            """),
        ("javascript", "javascript", """
            const fizzBuzz = (limit) =>
              Array.from({ length: limit }, (_, i) => i + 1)
                .map((n) => (n % 3 ? "" : "Fizz") + (n % 5 ? "" : "Buzz") || String(n));

            console.log(fizzBuzz(15).join("\n"));
            """),
        ("c#", "csharp", """
            static string FizzBuzz(int number) => (number % 3, number % 5) switch
            {
                (0, 0) => "FizzBuzz",
                (0, _) => "Fizz",
                (_, 0) => "Buzz",
                _ => number.ToString(),
            };

            Console.WriteLine(string.Join('\n', Enumerable.Range(1, 15).Select(FizzBuzz)));
            """),
    ];

    public ModelPlan? TryPlan(ModelTurn turn)
    {
        if (!Phrases.HasAny(turn.Task, "code", "function", "script", "program", "fizzbuzz", "fizz_buzz", "query in sql", "snippet"))
        {
            return null;
        }

        var program = s_programs.FirstOrDefault(
            candidate => turn.Task.Contains(candidate.Word, StringComparison.OrdinalIgnoreCase), s_programs[^1]);
        return ModelPlan.Answer(
            $"Here is a small example in {program.Word}:\n\n```{program.Fence}\n{program.Code}\n```\n\n"
            + "I am the demo model and know only a few programs by heart; this is the nearest one.");
    }
}
