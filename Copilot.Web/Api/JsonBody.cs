using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;

namespace Copilot.Web.Api;

/// <summary>Says what JSON an endpoint takes, for the description of the API.</summary>
/// <param name="Body">The record it becomes.</param>
/// <param name="IsOptional">Whether the request may have none.</param>
internal sealed record JsonBodyMetadata(Type Body, bool IsOptional);

/// <summary>
/// A JSON body of a request, bound to a record and validated by its attributes. An endpoint answers <see cref="Problem"/> when it is
/// its turn: that there is no such run comes first.
/// </summary>
internal sealed class JsonBody<T> : IBindableFromHttpContext<JsonBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private JsonBody(T? value, ReadOnlyMemory<byte> bytes, IResult? problem) => (Value, Bytes, Problem) = (value, bytes, problem);

    /// <summary>What was sent. Null where <see cref="Problem"/> is not, or where a body that may be left out was.</summary>
    internal T? Value { get; }

    /// <summary>The bytes as they came.</summary>
    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What is wrong with it, with the field and what to change; null when nothing is.</summary>
    internal IResult? Problem { get; }

    /// <summary>The body, or the problem with it.</summary>
    internal bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out IResult? problem)
    {
        (value, problem) = (Value, Value is null ? Problem ?? ApiProblem.BadRequest(ApiText.BodyMissing) : null);
        return value is not null;
    }

    /// <inheritdoc/>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var isOptional = context.GetEndpoint()?.Metadata.GetMetadata<JsonBodyMetadata>() is { IsOptional: true };
        if (isOptional && !HasBody(context.Request))
        {
            return new JsonBody<T>(null, default, null);
        }

        var (bytes, problem) = await BodyBytes.ReadAsync(context.Request, context.RequestAborted);
        if (problem is not null)
        {
            return new JsonBody<T>(null, bytes, problem);
        }

        try
        {
            var value = (T?)JsonSerializer.Deserialize(bytes.Span, typeof(T), BodyJson.Default);
            problem = value is null ? BodyShape.Problem(bytes, typeof(T), path: null) : await InvalidAsync(value, context);
            return new JsonBody<T>(problem is null ? value : null, bytes, problem);
        }
        catch (JsonException exception)
        {
            return new JsonBody<T>(null, bytes, BodyShape.Problem(bytes, typeof(T), exception.Path));
        }
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new JsonBodyMetadata(typeof(T), parameter.IsDefined(typeof(OptionalBodyAttribute))));

    // A client that sends no body may still say what type it would have been.
    private static bool HasBody(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    // The framework validates by itself what it binds by itself, and answers at once; here it is asked to, so that a run that is not
    // there is answered first. Asking is marked as experimental.
#pragma warning disable ASP0029
    private static async Task<IResult?> InvalidAsync(T value, HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<ValidationOptions>>().Value;
        if (!options.TryGetValidatableTypeInfo(typeof(T), out var rules))
        {
            throw new InvalidOperationException($"{typeof(T)} has no generated validation. Mark it [ValidatableType].");
        }

        var validation = new ValidateContext
        {
            ValidationOptions = options,
            ValidationContext = new ValidationContext(value, typeof(T).Name, context.RequestServices, items: null),
        };
        await rules.ValidateAsync(value, validation, context.RequestAborted);
        return validation.ValidationErrors is { Count: > 0 } errors && errors.First() is var first
            ? ApiProblem.OfField(StatusCodes.Status400BadRequest, BodyShape.FieldOf(first.Key), first.Value[0])
            : null;
    }
#pragma warning restore ASP0029
}

/// <summary>Marks a body that may be left out.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class OptionalBodyAttribute : Attribute;
