using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace GanPipeline.Studio;

/// <summary>
/// Refuses requests that do not come from the studio's own pages: to another host's name (a site whose name points to this machine), from
/// another site's page, or without the token where there is one. Tells browsers to run no script but the studio's.
/// </summary>
internal sealed class Guard(RequestDelegate next, StudioOptions options)
{
    private const string Cookie = "studio-token";

    private static readonly TimeSpan _cookieAge = TimeSpan.FromDays(30);

    public async Task InvokeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ContentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        if (options.IsLocal && !IsThisMachine(request.Host.Host))
        {
            await Refuse(response, "This studio answers at localhost only.");
            return;
        }
        var isCommand = context.WebSockets.IsWebSocketRequest || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));
        if (isCommand && request.Headers.Origin != $"{request.Scheme}://{request.Host}")
        {
            await Refuse(response, "This request does not come from a page of this studio.");
            return;
        }
        if (options.Token is { } token)
        {
            if (HttpMethods.IsGet(request.Method) && IsEqual(request.Query["token"].ToString(), token))
            {
                response.Cookies.Append(Cookie, token, new()
                {
                    HttpOnly = true, SameSite = SameSiteMode.Strict, MaxAge = _cookieAge, IsEssential = true,
                });
                // The token does not stay in the address.
                response.Redirect(request.Path);
                return;
            }
            if (!IsEqual(request.Cookies[Cookie] ?? "", token))
            {
                await Refuse(response, "This studio needs its token: open the address that it printed when it began.");
                return;
            }
        }
        await next(context);
    }

    private static bool IsThisMachine(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsEqual(string given, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(token));

    private static Task Refuse(HttpResponse response, string reason)
    {
        response.StatusCode = StatusCodes.Status403Forbidden;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(reason);
    }
}
