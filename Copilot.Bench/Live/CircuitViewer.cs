using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.Live;

/// <summary>
/// A page as the server knows it: a real circuit over a socket, without the browser. It acknowledges every render batch, answers calls
/// of scripts with nothing, and notes how late words are.
/// </summary>
internal sealed partial class CircuitViewer : IAsyncDisposable
{
    private const string VirtualizeInit = "Blazor._internal.Virtualize.init";
    private const int Height = 800;

    private readonly HubConnection _connection;
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private long _bytes;
    private int _batches;
    private int _objects;
    private int _calls;

    private CircuitViewer(HubConnection connection) => _connection = connection;

    /// <summary>The words it was sent.</summary>
    public StampReader Words { get; } = new();

    /// <summary>Bytes of render batches, and of what scripts were told, so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Render batches so far.</summary>
    public int Batches => Volatile.Read(ref _batches);

    /// <summary>Faults when the server ended the circuit.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Signs in as one of the demo's people; gives the cookies of the browser that does not exist.</summary>
    public static async Task<CookieContainer> SignInAsync(Uri address, string userName)
    {
        var cookies = new CookieContainer();
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = address };
        var form = await client.GetStringAsync("/signin");
        var token = FormToken().Match(form).Groups[1].Value;
        using var answer = await client.PostAsync("/account/demo", new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("account", userName), new("returnUrl", "/account/keys")]));
        answer.EnsureSuccessStatusCode();
        return cookies;
    }

    /// <summary>Opens a page.</summary>
    /// <param name="address">The server.</param>
    /// <param name="cookies">Who opens it.</param>
    /// <param name="path">Which page.</param>
    public static async Task<CircuitViewer> OpenAsync(Uri address, CookieContainer cookies, string path)
    {
        var uri = new Uri(address, path);
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies });
        var document = await client.GetStringAsync(uri);
        var builder = new HubConnectionBuilder().WithUrl(new Uri(address, "/_blazor"), HttpTransportType.WebSockets, options =>
        {
            options.Cookies = cookies;
            options.Headers["Origin"] = address.GetLeftPart(UriPartial.Authority);
        });
        builder.Services.AddSingleton<IHubProtocol, BlazorPack>();
        var viewer = new CircuitViewer(builder.Build());
        viewer.Listen();
        await viewer._connection.StartAsync();
        var circuit = await viewer._connection.InvokeAsync<string?>("StartCircuit", address.ToString(), uri.ToString(), "[]", "");
        if (circuit is null)
        {
            throw new InvalidOperationException($"The server did not open a circuit for {path}.");
        }

        await viewer._connection.SendAsync("UpdateRootComponents", Operations(document), State().Match(document).Groups[1].Value);
        return viewer;
    }

    /// <summary>Returns when it has seen this word of any answer.</summary>
    public async Task SeeAsync(int word)
    {
        while (Read(words => words.Seen.Values.All(seen => seen < word)))
        {
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(20)), Failed);
            if (Failed.IsFaulted)
            {
                await Failed;
            }
        }
    }

    /// <summary>What is asked of the words it was sent, while none are added.</summary>
    public T Read<T>(Func<StampReader, T> ask)
    {
        lock (_lock)
        {
            return ask(Words);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _failed.TrySetResult();
        await _connection.DisposeAsync();
    }

    private void Listen()
    {
        _connection.On<int, byte[]>("JS.RenderBatch", async (id, batch) =>
        {
            var now = LiveUpstream.Now() / 1000.0;
            lock (_lock)
            {
                Words.Read(batch, now);
            }

            Interlocked.Add(ref _bytes, batch.Length);
            Interlocked.Increment(ref _batches);
            await _connection.SendAsync("OnRenderCompleted", id, (string?)null);
        });
        _connection.On<long, string, string, int, long, int>("JS.BeginInvokeJS", async (handle, identifier, arguments, result, _, _) =>
        {
            Interlocked.Add(ref _bytes, identifier.Length + Encoding.UTF8.GetByteCount(arguments));
            if (identifier == VirtualizeInit)
            {
                await SeeListAsync(arguments);
            }

            if (handle != 0)
            {
                var value = result == 1 ? string.Create(CultureInfo.InvariantCulture, $$"""{"__jsObjectId":{{Interlocked.Increment(ref _objects)}}}""") : "null";
                await _connection.SendAsync("EndInvokeJSFromDotNet", handle, true, string.Create(CultureInfo.InvariantCulture, $"[{handle},true,{value}]"));
            }
        });
        _connection.On<string>("JS.Error", message => _failed.TrySetException(new InvalidOperationException(message)));
        _connection.Closed += exception =>
        {
            _failed.TrySetException(exception ?? new InvalidOperationException("The server closed the circuit."));
            return Task.CompletedTask;
        };
        foreach (var (name, types) in s_ignored)
        {
            _connection.On(name, types, static (_, _) => Task.CompletedTask, this);
        }
    }

    /// <summary>A list draws only what is in sight: the browser's script says how much that is.</summary>
    private Task SeeListAsync(string arguments) => DotNetObject().Match(arguments) is { Success: true } list
        ? _connection.SendAsync(
            "BeginInvokeDotNetFromJS",
            Interlocked.Increment(ref _calls).ToString(CultureInfo.InvariantCulture),
            (string?)null,
            "OnSpacerBeforeVisible",
            long.Parse(list.Groups[1].Value, CultureInfo.InvariantCulture),
            $"[0,{2 * Height},{Height}]")
        : Task.CompletedTask;

    private static readonly (string Name, Type[] Types)[] s_ignored =
    [
        ("JS.AttachComponent", [typeof(int), typeof(string)]),
        ("JS.EndInvokeDotNet", [typeof(string), typeof(bool), typeof(string)]),
        ("JS.EndUpdateRootComponents", [typeof(long)]),
        ("JS.EndLocationChanging", [typeof(int), typeof(bool)]),
        ("JS.ReceiveByteArray", [typeof(int), typeof(byte[])]),
    ];

    /// <summary>The page's root components, as the browser's script would ask for them.</summary>
    private static string Operations(string document)
    {
        var operations = new JsonArray();
        foreach (Match marker in Marker().Matches(document))
        {
            operations.Add(new JsonObject
            {
                ["type"] = "add",
                ["ssrComponentId"] = operations.Count + 1,
                ["marker"] = JsonNode.Parse(marker.Groups[1].Value),
            });
        }

        return new JsonObject { ["batchId"] = 0, ["operations"] = operations }.ToJsonString(JsonSerializerOptions.Web);
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="__RequestVerificationToken" """)]
    private static partial Regex FormToken();

    [GeneratedRegex("""\{"__dotNetObject":(\d+)\}""")]
    private static partial Regex DotNetObject();

    [GeneratedRegex("<!--Blazor:({.*?})-->")]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();
}
