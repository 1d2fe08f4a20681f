using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Copilot.Domain.Erasure;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Api;
using Copilot.Web.Api.Runs;
using Copilot.Web.Files;
using Copilot.Web.Files.Containers;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Passwords;
using Copilot.Web.Options;
using Copilot.Web.Runs;
using Copilot.Web.Security;
using Copilot.Web.Storage;
using Copilot.Web.Supervision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Copilot.Tests.Shared.Hosts;

/// <summary>
/// People, security and the HTTP API on real Kestrel and a real SQLite file, with <see cref="ScriptedRuns"/> in place of the
/// agent.
/// </summary>
internal sealed partial class PeopleHost : IAsyncDisposable
{
    /// <summary>The password of everybody that a test creates.</summary>
    public const string Password = "correct horse battery";

    private readonly TestDatabase _database;
    private readonly string _folder;

    private PeopleHost(TestDatabase database, string folder, WebApplication app, ScriptedRuns runs, LogLines log)
    {
        (_database, _folder, App, Runs, Log) = (database, folder, app, runs, log);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    public WebApplication App { get; }

    public ScriptedRuns Runs { get; }

    public LogLines Log { get; }

    public Uri Address { get; }

    public string ContentRoot => _folder;

    /// <summary>For another process on the same database.</summary>
    public string ConnectionString => _database.ConnectionString;

    public IServiceProvider Services => App.Services;

    public People People => Services.GetRequiredService<People>();

    public PersonStore Persons => Services.GetRequiredService<PersonStore>();

    public static Task<PeopleHost> StartDemoAsync() => StartAsync(new HostSettings { IsDemo = true });

    public static async Task<PeopleHost> StartAsync(HostSettings settings)
    {
        var database = await TestDatabase.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("copilot-people-").FullName;
        var log = new LogLines();
        var runs = new ScriptedRuns(settings.Clock);
        var app = Build(database.ConnectionString, folder, settings, runs, log);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            await database.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }

        return new PeopleHost(database, folder, app, runs, log);
    }

    /// <summary>A browser: it keeps cookies and follows no redirect.</summary>
    /// <param name="from">The loopback address that it comes from; null for the usual one.</param>
    public HttpClient Browser(IPAddress? from = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        CookieContainer = new CookieContainer(),
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                if (from is not null)
                {
                    socket.Bind(new IPEndPoint(from, 0));
                }

                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        BaseAddress = Address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>A program with an API key.</summary>
    public HttpClient Program(string key)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromSeconds(30),
        };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        return client;
    }

    /// <summary>Creates a person with a password in a team.</summary>
    public async Task<string> CreatePersonAsync(string name, string role, string team)
    {
        var (id, change) = await People.CreateAsync(
            new NewPerson(name, name, team, [role], Password), CancellationToken.None);
        Assert.Empty(change.Problems);
        return id!;
    }

    /// <summary>Signs in with name and password; gives the address that the browser is sent to.</summary>
    public static async Task<string> SignInAsync(HttpClient browser, string name, string password)
    {
        using var response = await PostFormAsync(browser, "/signin", "/account/signin", ("userName", name), ("password", password));
        return response.Headers.Location?.ToString() ?? $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    /// <summary>Opens a page, fills its form and posts it.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(
        HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var token = await OpenFormAsync(browser, page);
        return await SendFormAsync(browser, action, token, fields);
    }

    /// <summary>Opens a page with a form; gives the token that is sent with it.</summary>
    public static async Task<string> OpenFormAsync(HttpClient browser, string page)
    {
        var token = FormToken().Match(await browser.GetStringAsync(page)).Groups[1].Value;
        Assert.NotEmpty(token);
        return token;
    }

    /// <summary>Posts a form that was opened.</summary>
    public static Task<HttpResponseMessage> SendFormAsync(HttpClient browser, string action, string token, params (string Name, string Value)[] fields) =>
        browser.PostAsync(action, new FormUrlEncodedContent(
            fields.Append(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))));

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static WebApplication Build(
        string connectionString, string folder, HostSettings settings, ScriptedRuns runs, LogLines log)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = folder,
            EnvironmentName = settings.IsDemo ? "Development" : "Production",
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings.Values);
        builder.WebHost.UseUrls(settings.Urls);
        // Hashing is slow on purpose, which no test is about.
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1);
        settings.Configure(builder);
        builder.AddCopilotOptions();
        builder.Services.AddSingleton(settings.Clock);
        builder.Services.AddSingleton(new FailurePace(settings.Clock, TimeSpan.Zero));
        builder.Services.AddCopilotStorage(connectionString);
        builder.Services.AddCopilotIdentity();
        builder.Services.AddFiles();
        builder.Services.AddSingleton<RunDirectory>();
        builder.Services.AddSingleton<IRunDirectory>(provider => provider.GetRequiredService<RunDirectory>());
        builder.Services.TryAddSingleton<ContextWindows>();
        builder.Services.AddSupervision();
        builder.Services.AddErasure();
        builder.Services.AddHelpAndLevers();
        builder.Services.AddRunCommands();
        builder.Services.AddCopilotApi();
        builder.Services.AddSingleton<IRuns>(runs);
        builder.Services.AddSingleton<IRunPreparations>(runs);
        builder.Services.AddSingleton<IRunFeed>(runs);
        builder.Services.AddSingleton<IRunEventStore>(runs);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UsePublicSite();
        app.UseOriginCheck();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.MapCopilotAccount();
        app.MapFiles();
        app.MapCopilotApi();
        RunImages.Map(app);
        if (app.Services.GetService<ContainerFileDownload>() is not null)
        {
            ContainerFileDownload.Map(app);
        }

        // Before the product's own page, which is not what these tests are about.
        app.MapGet("/", () => "home").RequireAuthorization().WithOrder(-1);
        app.MapGet("/who", (HttpContext context) => context.User.Identity?.Name ?? "nobody");
        app.MapGet("/sign-in-id", (HttpContext context) => SignInId.Of(context.User));
        app.MapRazorComponents<AccountShell>()
            .AddAdditionalAssemblies(typeof(CopilotUser).Assembly)
            .AddInteractiveServerRenderMode();
        var local = app.MapGroup("/local").RequireLoopback();
        local.MapGet("/handler", () => "here");
        local.Map("/delegate", context => context.Response.WriteAsync("here"));
        return app;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}

/// <summary>How a <see cref="PeopleHost"/> is started.</summary>
internal sealed record HostSettings
{
    public bool IsDemo { get; init; }

    public string Urls { get; init; } = "http://127.0.0.1:0";

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Dictionary<string, string?> Values { get; init; } = new() { ["Upstream:BaseUrl"] = "http://127.0.0.1:9/v1" };

    public Action<WebApplicationBuilder> Configure { get; init; } = _ => { };
}

/// <summary>Keeps what was logged at Warning and above.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyCollection<string> Warnings => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
