using System.Security.Cryptography;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Passwords;
using Copilot.Web.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Identity;

/// <summary>
/// Creates the first admin of a new installation: outside demo mode, while no admin exists, each start prints a link that works once. The
/// link exists only in memory and on the console, never in a log file.
/// </summary>
internal sealed class FirstAdmin(People people, PersonStore persons, PeopleAudit audit) : IDisposable
{
    /// <summary>The page of the link.</summary>
    public const string SetupPath = "/setup";

    private readonly SemaphoreSlim _use = new(1, 1);
    private string? _token;

    /// <summary>Creates the token of the link.</summary>
    public string Open() => _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>True when this token still opens the setup.</summary>
    public bool Accepts(string? token) =>
        token is not null
        && _token is { } expected
        && CryptographicOperations.FixedTimeEquals(ApiKeys.Hash(token), ApiKeys.Hash(expected));

    /// <summary>Creates the first admin and ends the link. Null when the token does not open the setup.</summary>
    public async Task<PersonChange?> CreateAsync(
        string? token, string userName, string displayName, string password, CancellationToken cancellationToken)
    {
        await _use.WaitAsync(cancellationToken);
        try
        {
            if (!Accepts(token) || await persons.HasAdminAsync(cancellationToken))
            {
                return null;
            }

            if (PasswordSignIn.Problem(userName.Trim(), password) is { } problem)
            {
                return new PersonChange([problem]);
            }

            var team = await persons.FirstTeamAsync(cancellationToken);
            var (_, change) = await people.CreateAsync(
                new NewPerson(userName, displayName, team, [Roles.Admin], password),
                (db, user) =>
                {
                    audit.Add(db, new ChangedBy(user.Id, user.DisplayName, "setup link"), AuditAction.Created, user.Id, user.DisplayName, after: Roles.Admin);
                    return Task.CompletedTask;
                },
                cancellationToken);
            if (change.Succeeded)
            {
                _token = null;
            }

            return change;
        }
        finally
        {
            _use.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _use.Dispose();
}

/// <summary>Prints the setup link once the server listens.</summary>
internal sealed class FirstAdminLink(
    FirstAdmin firstAdmin, PersonStore persons, IOptions<DemoOptions> demo, IOptions<SiteOptions> site, IServer server)
    : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (demo.Value.Enabled || await persons.HasAdminAsync(cancellationToken))
        {
            return;
        }

        var address = site.Value.PublicAddress?.GetLeftPart(UriPartial.Authority)
            ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
        await Console.Out.WriteLineAsync(
            $"There is no admin yet. Open this link once to create one: {Reachable(address)}{FirstAdmin.SetupPath}?token={firstAdmin.Open()}");
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A browser cannot open "all addresses".
    private static string Reachable(string address) => address
        .TrimEnd('/')
        .Replace("://[::]", "://localhost", StringComparison.Ordinal)
        .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
        .Replace("://*", "://localhost", StringComparison.Ordinal)
        .Replace("://+", "://localhost", StringComparison.Ordinal);
}
