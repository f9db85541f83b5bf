using System.Text.Json;
using System.Text.Json.Serialization;

namespace GanPipeline.Studio;

/// <summary>JSON as pages and server exchange it.</summary>
internal static class StudioJson
{
    /// <summary>A choice as JSON and addresses have it.</summary>
    public static string Name(Enum choice) => JsonNamingPolicy.KebabCaseLower.ConvertName(choice.ToString());

    /// <summary>Names in camel case, choices in kebab case; unknown members are mistakes.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        MaxDepth = 8,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>What a request's body holds; null where it is no such thing.</summary>
    public static async Task<T?> ReadAsync<T>(HttpRequest request) where T : class
    {
        try { return await request.ReadFromJsonAsync<T>(Options, request.HttpContext.RequestAborted); }
        // Of another type, or larger than the server takes.
        catch (Exception e) when (e is JsonException or InvalidOperationException or BadHttpRequestException) { return null; }
    }
}
