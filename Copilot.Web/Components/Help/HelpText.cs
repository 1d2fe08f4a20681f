using System.Globalization;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Supervision.Help;

namespace Copilot.Web.Components.Help;

/// <summary>Sentences about getting help, for those who ask and for those who help.</summary>
internal static class HelpText
{
    public const string GetHelp = "Get help";
    public const string GetHelpTitle = "Ask a supervisor for help";
    public const string GetHelpDetails = "Supervisors see your request and this conversation. The run goes on meanwhile.";
    public const string WhatFor = "What do you need help with?";
    public const string Ask = "Ask for help";
    public const string Asked = "A supervisor has been asked.";
    public const string Close = "Close request";
    public const string CloseTitle = "Nobody needs to help any more";
    public const string Accept = "Accept";
    public const string Over = "Over";
    public const string NotDone = "This couldn't be done. You can try again.";

    // The inbox.
    public const string Inbox = "Help requests";
    public const string Open = "Open requests";
    public const string NoneOpen = "Nobody waits for help. Requests appear here as soon as somebody asks.";
    public const string Closed = "Closed lately";
    public const string Loading = "Loading requests for help";
    public const string NotLoadedTitle = "The requests couldn't be loaded";
    public const string NotLoaded = "Requests for help can't be read at the moment. Trying again…";
    public const string DeniedTitle = "This page is for supervisors";
    public const string Denied = "Your account can't see other people's requests for help.";
    public const string GoToConversations = "Go to your conversations";
    public const string OpenConversation = "Open conversation";
    public const string Waiting = "Waiting";
    public const string Helped = "Being helped";
    public const string ReasonDeleted = "The reason was deleted with the conversation.";
    public const string Untitled = "Conversation";

    /// <summary>How many wait, beside the link.</summary>
    public static string Count(int count) => count == 1 ? "1 waits for help" : $"{count} wait for help";

    /// <summary>Where the run's owner sees how their request is doing.</summary>
    public static string Own(HelpRequest request, TimeZoneInfo zone) => request switch
    {
        { Helper: { } helper, AcceptedAt: { } since } => $"{helper.Name} has been helping since {Hour(since, zone)}.",
        { IsByAgent: true } => $"A supervisor was asked to help at {Hour(request.RequestedAt, zone)}. You see here who takes it on.",
        _ => $"You asked for help at {Hour(request.RequestedAt, zone)}. You see here who takes it on.",
    };

    /// <summary>The same for who looks at somebody else's conversation.</summary>
    public static string Other(HelpRequest request, string owner, string readerId, TimeZoneInfo zone) => request switch
    {
        { Helper: { } helper, AcceptedAt: { } since } => helper.Id == readerId
            ? $"You have been helping since {Hour(since, zone)}."
            : $"{helper.Name} has been helping since {Hour(since, zone)}.",
        { IsByAgent: true } => $"The agent asked for help at {Hour(request.RequestedAt, zone)}.",
        _ => $"{owner} asked for help at {Hour(request.RequestedAt, zone)}.",
    };

    /// <summary>Who asks.</summary>
    public static string Asker(HelpEntry entry) => entry.Request.IsByAgent ? $"The agent of {entry.Person}" : entry.Person;

    /// <summary>A request that is over: who helped, and how long the person had waited.</summary>
    public static string Outcome(HelpRequest request, DateTimeOffset now, TimeZoneInfo zone)
    {
        var wait = Duration(request.WaitUntil(now));
        return request.Helper is { } helper
            ? $"Asked {Moment(request.RequestedAt, zone)}. {helper.Name} helped after {wait}."
            : $"Asked {Moment(request.RequestedAt, zone)}. Closed after {wait} without help.";
    }

    /// <summary>A button about one of several requests.</summary>
    public static string About(string verb, string person) => $"{verb}: {person}";

    /// <summary>What is told when a new request comes.</summary>
    public static string Arrived(HelpEntry entry) => $"{Asker(entry)} asks for help: {entry.Reason}";

    private static string Hour(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM, HH:mm", CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan time) => time < TimeSpan.FromMinutes(1)
        ? $"{(int)time.TotalSeconds} s"
        : time < TimeSpan.FromHours(1) ? $"{(int)time.TotalMinutes} min {time.Seconds} s" : $"{(int)time.TotalHours} h {time.Minutes} min";
}
