using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Copilot.Bench.Overhead;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Copilot.Bench.Scripted;

/// <summary>An upstream over HTTP whose answers follow a script and never the question. It runs in a separate process.</summary>
internal static class ScriptedUpstream
{
    /// <summary>The hidden command that serves.</summary>
    public const string Command = "scripted-upstream";

    /// <summary>Words at 50 a second; each is the time at which it was sent, as <c>t</c> and Unix milliseconds.</summary>
    public const string Words = "words";

    /// <summary>Images of 2 MB, five in a response, until there are fifty; a tool call ends every response but the last.</summary>
    public const string Images = "images";

    /// <summary>How many words an answer has.</summary>
    public const int WordsPerAnswer = 100;

    private const int ImageBytes = 2 * 1024 * 1024;
    private const int ImagesPerResponse = 5;
    private const int ResponsesWithImages = 10;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(20);

    /// <summary>Serves until the standard input ends, which happens when the parent exits.</summary>
    public static async Task ServeAsync(string script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        await using var application = builder.Build();
        var images = 0;
        application.Run(async context =>
        {
            if (context.Request.Path != "/v1/responses")
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.ContentType = "text/event-stream";
            var answer = new Answer(context.Response);
            await (script is Images ? SendImagesAsync(answer, images++) : SendWordsAsync(answer));
        });
        await application.StartAsync();
        await Console.Out.WriteLineAsync(ReplayUpstream.AddressOf(application));
        await Console.In.ReadToEndAsync();
        await application.StopAsync();
    }

    private static async Task SendWordsAsync(Answer answer)
    {
        await answer.SendAsync("response.created", $$$"""{"response":{"id":"{{{answer.Id}}}","status":"in_progress","output":[]}}""");
        var text = new StringBuilder();
        using var pace = new PeriodicTimer(s_pace);
        for (var i = 0; i < WordsPerAnswer; i++)
        {
            var word = string.Create(CultureInfo.InvariantCulture, $"t{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}.{i} ");
            text.Append(word);
            await answer.SendAsync("response.output_text.delta", $$"""{"item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{word}}"}""");
            await pace.WaitForNextTickAsync();
        }

        var message = $$"""{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"{{text}}","annotations":[]}]}""";
        await answer.SendAsync("response.output_item.done", $$$"""{"output_index":0,"item":{{{message}}}}""");
        await answer.EndAsync(message);
    }

    private static async Task SendImagesAsync(Answer answer, int response)
    {
        await answer.SendAsync("response.created", $$$"""{"response":{"id":"{{{answer.Id}}}","status":"in_progress","output":[]}}""");
        var items = new List<string>();
        for (var i = 0; i < ImagesPerResponse; i++)
        {
            var bytes = new byte[ImageBytes];
            new Random((response * ImagesPerResponse) + i).NextBytes(bytes);
            "\x89PNG\r\n\x1a\n"u8.CopyTo(bytes);
            var image = Convert.ToBase64String(bytes);
            await answer.SendAsync(
                "response.image_generation_call.partial_image",
                $$"""{"item_id":"ig_{{i}}","output_index":{{i}},"partial_image_index":0,"partial_image_b64":"{{image}}"}""");
            items.Add($$"""{"id":"ig_{{i}}","type":"image_generation_call","status":"completed","output_format":"png","result":"{{image}}"}""");
            await answer.SendAsync("response.output_item.done", $$$"""{"output_index":{{{i}}},"item":{{{items[^1]}}}}""");
        }

        items.Add(response < ResponsesWithImages - 1
            ? $$"""{"id":"fc_{{response}}","type":"function_call","status":"completed","call_id":"call_{{response}}","name":"bench_lookup","arguments":"{\"part\":\"PX-1\",\"site\":\"A\"}"}"""
            : """{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Here they are.","annotations":[]}]}""");
        await answer.SendAsync("response.output_item.done", $$$"""{"output_index":{{{ImagesPerResponse}}},"item":{{{items[^1]}}}}""");
        await answer.EndAsync([.. items]);
    }

    /// <summary>One response being streamed.</summary>
    private sealed class Answer(HttpResponse response)
    {
        private int _next;

        public string Id { get; } = "resp_" + Guid.NewGuid().ToString("N");

        public async Task SendAsync(string type, string body)
        {
            response.BodyWriter.Write(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"data: {{\"type\":\"{type}\",\"sequence_number\":{_next++},{body.AsSpan(1)}\n\n")));
            await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
        }

        public Task EndAsync(params string[] output) => SendAsync(
            "response.completed",
            $$$$"""{"response":{"id":"{{{{Id}}}}","status":"completed","output":[{{{{string.Join(',', output)}}}}],"usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":0},"output_tokens":100,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":105}}}""");
    }
}
