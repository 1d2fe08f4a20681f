using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Copilot.Web.Api;
using Copilot.Web.Identity;
using Copilot.Web.Options;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Security;

/// <summary>
/// How much one address or person may ask for: the policies that endpoints are limited by, and the counts that are no requests. Nobody
/// is refused for what others ask, except while passwords are checked, which costs as much as a request can.
/// </summary>
internal sealed class RequestLimits : IDisposable
{
    /// <summary>Policy of what anybody may post without a sign-in: per address.</summary>
    public const string Forms = "forms";

    /// <summary>Policy of the start of a run by the API: per person, and per key.</summary>
    public const string Runs = "runs";

    /// <summary>Policy of uploads: per person, and per key.</summary>
    public const string Uploads = "uploads";

    /// <summary>Policy of open event streams: per person, and per key.</summary>
    public const string Streams = "streams";

    /// <summary>Policy of downloads that are made or fetched while they are sent: per person.</summary>
    public const string Downloads = "downloads";

    private static readonly TimeSpan s_streamRetry = TimeSpan.FromSeconds(5);

    private readonly PartitionedRateLimiter<string> _wrongKeys;
    private readonly PartitionedRateLimiter<string> _preparations;
    private readonly PartitionedRateLimiter<string> _comments;
    private readonly ConcurrencyLimiter _hashing;

    public RequestLimits(IOptions<LimitOptions> limits)
    {
        var values = limits.Value;
        _wrongKeys = PartitionedRateLimiter.Create<string, string>(
            address => RateLimitPartition.GetTokenBucketLimiter(address, _ => PerMinute(values.WrongKeysPerAddress)));
        _preparations = PartitionedRateLimiter.Create<string, string>(
            person => RateLimitPartition.GetTokenBucketLimiter(person, _ => PerMinute(values.PreparationsPerPerson)));
        _comments = PartitionedRateLimiter.Create<string, string>(
            person => RateLimitPartition.GetTokenBucketLimiter(person, _ => PerMinute(values.CommentsPerPerson)));
        _hashing = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = values.PasswordChecks,
            QueueLimit = values.WaitingPasswordChecks,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>Registers the limits and their policies.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<RequestLimits>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>((options, limits) =>
        {
            var values = limits.Value;
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = RejectAsync;
            options.AddPolicy(Forms, context => HttpMethods.IsPost(context.Request.Method)
                ? RateLimitPartition.GetTokenBucketLimiter(AddressOf(context), _ => PerMinute(values.FormsPerAddress))
                : RateLimitPartition.GetNoLimiter(""));
            options.AddPolicy(Runs, context =>
                RateLimitPartition.GetTokenBucketLimiter(PersonOf(context), _ => PerMinute(values.RunsPerPerson)));
            options.AddPolicy(Uploads, context =>
                RateLimitPartition.GetTokenBucketLimiter(PersonOf(context), _ => PerMinute(values.UploadsPerPerson)));
            options.AddPolicy(Streams, context => RateLimitPartition.GetConcurrencyLimiter(
                PersonOf(context), _ => AtOnce(values.StreamsPerPerson)));
            options.AddPolicy(Downloads, context => RateLimitPartition.GetConcurrencyLimiter(
                PersonOf(context), _ => AtOnce(values.DownloadsPerPerson)));
            // Before the person's: an endpoint has one policy, and what a key may is a part of that.
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => OfKey(context, values));
        });
    }

    /// <summary>Counts an API key that does not work. False when its address has sent too many.</summary>
    public bool TryCountWrongKey(HttpContext context, out TimeSpan retryAfter)
    {
        using var lease = _wrongKeys.AttemptAcquire(AddressOf(context));
        retryAfter = RetryAfter(lease);
        return lease.IsAcquired;
    }

    /// <summary>Counts a preparation that a person's page asks for. False when there were too many.</summary>
    public bool TryCountPreparation(string userId)
    {
        using var lease = _preparations.AttemptAcquire(userId);
        return lease.IsAcquired;
    }

    /// <summary>Counts a change of comments by a person, on a page or by the API. False when there were too many.</summary>
    public bool TryCountComment(string userId, out TimeSpan retryAfter)
    {
        using var lease = _comments.AttemptAcquire(userId);
        retryAfter = RetryAfter(lease);
        return lease.IsAcquired;
    }

    /// <summary>Waits for a place to check a password in; dispose it afterwards. Null when too many wait.</summary>
    public async ValueTask<IDisposable?> TryCheckPasswordAsync(CancellationToken cancellationToken)
    {
        var lease = await _hashing.AcquireAsync(1, cancellationToken);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _wrongKeys.Dispose();
        _preparations.Dispose();
        _comments.Dispose();
        _hashing.Dispose();
    }

    private static RateLimitPartition<string> OfKey(HttpContext context, LimitOptions values)
    {
        if (context.Features.Get<ApiCaller>() is not { } caller
            || context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is not { } policy)
        {
            return RateLimitPartition.GetNoLimiter("");
        }

        var key = $"{policy} {caller.KeyId}";
        return policy switch
        {
            Runs => RateLimitPartition.GetTokenBucketLimiter(key, _ => PerMinute(values.RunsPerKey)),
            Uploads => RateLimitPartition.GetTokenBucketLimiter(key, _ => PerMinute(values.UploadsPerKey)),
            Streams => RateLimitPartition.GetConcurrencyLimiter(key, _ => AtOnce(values.StreamsPerKey)),
            _ => RateLimitPartition.GetNoLimiter(""),
        };
    }

    private static ConcurrencyLimiterOptions AtOnce(int count) => new() { PermitLimit = count, QueueLimit = 0 };

    private static TokenBucketRateLimiterOptions PerMinute(int count) => new()
    {
        TokenLimit = count,
        TokensPerPeriod = count,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1),
        QueueLimit = 0,
    };

    /// <summary>The address that a request counts for. Whoever has one IPv6 address has 2^64 of them, and they count as one.</summary>
    internal static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.ToString();
    }

    private static string PersonOf(HttpContext context) =>
        context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? AddressOf(context);

    private static TimeSpan RetryAfter(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : s_streamRetry;

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var context = rejected.HttpContext;
        var retryAfter = RetryAfter(rejected.Lease);
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            || context.Request.Path.StartsWithSegments("/files", StringComparison.OrdinalIgnoreCase))
        {
            await ApiProblem.TooMany(SecurityText.TooMany(retryAfter), code: null, retryAfter).ExecuteAsync(context);
            return;
        }

        context.Response.Headers[HeaderNames.RetryAfter] =
            Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(SecurityText.TooMany(retryAfter), cancellationToken);
    }
}
