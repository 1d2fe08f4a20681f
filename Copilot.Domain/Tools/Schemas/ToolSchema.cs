using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Copilot.Domain.Tools.Schemas;

/// <summary>
/// Creates the strict JSON schema of an arguments record. String lengths are not sent to the model, because strict schemas do not allow
/// their keywords: they become a clause of the description and are checked on our side.
/// </summary>
internal static class ToolSchema
{
    public static JsonSerializerOptions Serialization { get; } = CreateSerialization();

    private static readonly JsonSchemaExporterOptions s_exporter = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Transform,
    };

    /// <summary>The schema with all limits, for checking arguments.</summary>
    public static JsonElement Full(Type arguments)
    {
        return JsonSerializer.SerializeToElement(SchemaReferences.ToDefinitions(Serialization.GetJsonSchemaAsNode(arguments, s_exporter)));
    }

    /// <summary>The schema as sent to the model.</summary>
    public static JsonElement Published(JsonElement full)
    {
        var node = JsonSerializer.SerializeToNode(full);
        DescribeLengths(node);
        return JsonSerializer.SerializeToElement(node);
    }

    private static JsonSerializerOptions CreateSerialization()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            RespectNullableAnnotations = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
        {
            return node;
        }

        var ordered = new JsonObject();
        if (TypeOf(context, schema) is { } type)
        {
            ordered["type"] = type;
        }

        if (AttributeOf<DescriptionAttribute>(context) is { } description)
        {
            ordered["description"] = description.Description;
        }

        foreach (var (keyword, value) in schema)
        {
            // A default would mean that the field may be left out, which strict schemas do not allow.
            if (keyword is not ("type" or "default" or "required"))
            {
                ordered[keyword] = value?.DeepClone();
            }
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && !ordered.ContainsKey("$ref"))
        {
            // The exporter omits an empty list of properties.
            ordered.TryAdd("properties", new JsonObject());
            var properties = ordered["properties"]!.AsObject();
            ordered["required"] = new JsonArray([.. properties.Select(property => JsonValue.Create(property.Key))]);
            ordered["additionalProperties"] = false;
        }

        if (AttributeOf<RangeAttribute>(context) is { } range)
        {
            ordered["minimum"] = Number(range.Minimum);
            ordered["maximum"] = Number(range.Maximum);
        }

        if (AttributeOf<StringLengthAttribute>(context) is { } length)
        {
            ordered["minLength"] = length.MinimumLength;
            ordered["maxLength"] = length.MaximumLength;
        }

        return ordered;
    }

    private static JsonNode? TypeOf(JsonSchemaExporterContext context, JsonObject schema)
    {
        if (schema["type"] is { } type)
        {
            return type.DeepClone();
        }

        // The exporter omits the type of enum names.
        if (schema["enum"] is JsonArray names)
        {
            return names.Contains(null) ? new JsonArray("string", "null") : JsonValue.Create("string");
        }

        return context.TypeInfo.Kind == JsonTypeInfoKind.Object && schema["$ref"] is null ? JsonValue.Create("object") : null;
    }

    private static TAttribute? AttributeOf<TAttribute>(JsonSchemaExporterContext context)
        where TAttribute : Attribute
    {
        // The attributes of a positional record are on the parameter, not on the generated property.
        ICustomAttributeProvider?[] providers = context.PropertyInfo is { } property
            ? [property.AssociatedParameter?.AttributeProvider, property.AttributeProvider]
            : [context.TypeInfo.Type];
        return providers
            .SelectMany(provider => provider?.GetCustomAttributes(typeof(TAttribute), inherit: true) ?? [])
            .OfType<TAttribute>()
            .FirstOrDefault();
    }

    private static JsonValue Number(object limit)
    {
        return limit is int whole
            ? JsonValue.Create(whole)
            : JsonValue.Create(Convert.ToDecimal(limit, CultureInfo.InvariantCulture));
    }

    private static void DescribeLengths(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            if (schema["maxLength"] is { } most)
            {
                var least = schema["minLength"]!.GetValue<int>();
                var length = least > 0 ? $"{least} to {most} characters" : $"at most {most} characters";
                var description = schema["description"]?.GetValue<string>().TrimEnd('.');
                schema["description"] = description is null ? $"{length}." : $"{description}, {length}.";
                schema.Remove("minLength");
                schema.Remove("maxLength");
            }

            foreach (var (_, value) in schema)
            {
                DescribeLengths(value);
            }
        }
        else if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                DescribeLengths(item);
            }
        }
    }
}
