using System.Globalization;
using Copilot.Bench.Product;
using Copilot.Bench.Recording;
using Copilot.Bench.Reporting;
using Copilot.Bench.Scripted;
using Microsoft.Playwright;

namespace Copilot.Bench.Words;

/// <summary>How long after the upstream sent it a word is in the page: a real browser, and words that say when they were sent.</summary>
internal sealed class WordsBench : IBench
{
    // Each word is the time at which it was sent; the page notes the first moment at which it holds it.
    private const string Watch = """
        () => {
          window.__lags = {};
          const look = () => {
            const turns = document.querySelectorAll('.turn');
            const text = turns.length > (window.__from || 0) ? turns[turns.length - 1].textContent : '';
            for (const word of text.matchAll(/\bt(\d{13})\.(\d+)\b/g)) {
              if (!(word[2] in window.__lags)) window.__lags[word[2]] = Date.now() - Number(word[1]);
            }
          };
          new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
        }
        """;

    /// <inheritdoc/>
    public string Name => "words";

    /// <inheritdoc/>
    public bool IsAsserted => true;

    /// <inheritdoc/>
    public async Task<BenchReport> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        using var upstream = await UpstreamProcess.StartAsync(ScriptedUpstream.Command, ScriptedUpstream.Words);
        await using var product = await ProductHost.StartAsync(
            run.NewFolder(), $"--Upstream:BaseUrl={upstream.BaseUrl}", "--Upstream:ApiKey=bench", "--Upstream:Transport=Http", "--Upstream:Model=bench");
        await using var browser = await BenchBrowser.StartAsync();
        await using var context = await browser.NewContextAsync();
        await context.AddInitScriptAsync($"({Watch})()");
        var page = await product.OpenAsync(context);
        var begun = new List<double>();
        var open = new List<double>();
        var slowest = new List<double>();

        // The first run of a process compiles its code, which no later one does.
        await AskAsync(page);
        for (var i = 0; i < run.Repetitions(10); i++)
        {
            await page.GotoAsync(product.Address.ToString());
            Note(await AskAsync(page), begun);
            Note(await AskAsync(page), open);
        }

        return new BenchReport
        {
            Name = Name,
            Conditions = Conditions.With(
                string.Create(CultureInfo.InvariantCulture, $"{ScriptedUpstream.WordsPerAnswer} words an answer, 50 a second, over HTTP, from an upstream in a process of its own; headless Chromium at 1440 pixels; {begun.Count} new conversations and {open.Count} further messages, after one to warm up"),
                "from the upstream's sending of a word until the page's document holds it, both on one machine's clock"),
            Figures =
            [
                new Figure("first word in a new conversation", "ms", Spread.Of(begun), Bound.AtMost, 100, "0"),
                new Figure("first word in an open conversation", "ms", Spread.Of(open), Bound.AtMost, 100, "0"),
                new Figure("all words of an answer, p99", "ms", Spread.Of(slowest), Bound.AtMost, 120, "0"),
            ],
            Tables = [],
        };

        void Note(double[] lags, List<double> first)
        {
            first.Add(lags[0]);
            slowest.Add(Spread.Quantile([.. lags.Order()], 0.99));
        }
    }

    private static async Task<double[]> AskAsync(IPage page)
    {
        var box = ProductHost.MessageBox(page);
        await ProductHost.ReadyAsync(page);
        var before = await page.EvaluateAsync<int>("() => { window.__lags = {}; return window.__from = document.querySelectorAll('.turn').length; }");
        await box.FillAsync("Say it.");
        await page.Keyboard.PressAsync("Enter");
        try
        {
            await page.WaitForFunctionAsync(
                "([from, words]) => { const turn = document.querySelectorAll('.turn')[from]; return turn && turn.dataset.status === 'completed' && Object.keys(window.__lags).length === words; }",
                new[] { before, ScriptedUpstream.WordsPerAnswer });
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException($"The answer did not come, or not whole. The page says: {await page.Locator("main").InnerTextAsync()}", exception);
        }

        var lags = await page.EvaluateAsync<double[]>("words => Array.from({ length: words }, (_, i) => window.__lags[i])", ScriptedUpstream.WordsPerAnswer);
        return lags;
    }
}
