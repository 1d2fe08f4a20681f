using Copilot.Web.Identity.Circuits;
using Copilot.Web.Sessions.Comparing;
using Copilot.Web.Sessions.Conversations;
using Copilot.Web.Sessions.Finding;
using Copilot.Web.Sessions.Importing;
using Copilot.Web.Sessions.Live;
using Copilot.Web.Sessions.RunScreen;
using Copilot.Web.Sessions.Supervising;
using Copilot.Web.Sessions.Timelines;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Copilot.Web.Sessions;

/// <summary>Puts the services of the chat page into an application.</summary>
internal static class SessionsServiceCollectionExtensions
{
    /// <summary>How long a page that hears nothing from the server waits until it says that the connection is lost; a network may swallow everything without a word.</summary>
    public static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(12);

    /// <summary>
    /// Largest message a browser may send over the circuit, in bytes: the longest text, six bytes for each character as JSON
    /// writes it at worst, and room for the call around it.
    /// </summary>
    public const long MaximumReceiveMessageSize = (ChatCommands.MaxTextLength * 6) + 16_384;

    /// <summary>Registers the components' services, the circuit's, and the size of its messages.</summary>
    public static IServiceCollection AddChat(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<CurrentUser>();
        services.AddScoped<ChangingPerson>();
        services.AddScoped<PageAudit>();
        services.AddSingleton<ConversationChanges>();
        services.AddScoped<ConversationList>();
        services.AddScoped<ConversationCommands>();
        services.AddScoped<ConversationSearch>();
        services.AddScoped<ChatCommands>();
        services.AddScoped<ChatSessions>();
        services.AddScoped<RunLists>();
        services.AddScoped<SearchReads>();
        services.AddScoped<RunListReview>();
        services.AddScoped<LiveWalls>();
        services.AddScoped<WatchedRuns>();
        services.AddScoped<ExportedEvents>();
        services.AddScoped<ComparedRuns>();
        services.AddScoped<RunFamily>();
        services.AddScoped<ForkCommands>();
        services.AddScoped<RunImports>();
        services.AddSingleton<ImportMemory>();
        services.AddScoped<SessionRuns>();
        services.AddScoped<SupervisionCommands>();
        services.AddScoped<RunNeighbors>();
        services.AddScoped<PersonNames>();
        services.AddScoped<SessionAccessCheck>();
        services.AddSingleton<UpstreamHealth>();
        services.AddSingleton<TimelineSnapshots>();
        services.AddSingleton<RunTimelines>();
        services.AddScoped<FaultInjectionService>();
        services.AddScoped<Toasts>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<Toasts>());
        services.AddRazorComponents()
            .AddInteractiveServerComponents()
            .AddHubOptions(options =>
            {
                options.MaximumReceiveMessageSize = MaximumReceiveMessageSize;
                options.KeepAliveInterval = ServerTimeout / 3;
                options.AddFilter<CircuitOwnerFilter>();
            });
        // How long a lost circuit is held, and the like; runs do not depend on it.
        services.AddOptions<CircuitOptions>().BindConfiguration("Circuits");
        return services;
    }
}

/// <summary>Makes a page's conversation; the page disposes it. (A transient service would live until the circuit ends.)</summary>
internal sealed class ChatSessions(IServiceProvider services)
{
    /// <summary>A conversation that shows nothing yet.</summary>
    public ChatSession Create() => ActivatorUtilities.CreateInstance<ChatSession>(services);
}
