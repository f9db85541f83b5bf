using GanPipeline.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Generators as services.</summary>
public static class GeneratorServiceCollectionExtensions
{
    private const string DefaultCheck = "generator";

    /// <summary>Adds a <see cref="GeneratorService"/>, one for the application, opened when it is first asked for.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options, which are checked when the application starts.</param>
    public static IServiceCollection AddGanGenerator(this IServiceCollection services, Action<GeneratorOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        Checked(services.AddOptions<GeneratorOptions>().Configure(configure));
        return services.AddSingleton(provider =>
            new GeneratorService(provider.GetRequiredService<IOptions<GeneratorOptions>>().Value));
    }

    /// <summary>As the other, with options of a configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">As <c>configuration.GetSection("Generator")</c>, with <c>ModelFile</c> and what else is to be set.</param>
    public static IServiceCollection AddGanGenerator(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddGanGenerator(options => section.Bind(options));
    }

    /// <summary>
    /// Adds one of several services, which is asked for by its key: <c>[FromKeyedServices("faces")] GeneratorService</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="key">Its name.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddKeyedGanGenerator(
        this IServiceCollection services, string key, Action<GeneratorOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(key);
        Checked(services.AddOptions<GeneratorOptions>(key).Configure(configure));
        return services.AddKeyedSingleton(key, (provider, _) =>
            new GeneratorService(provider.GetRequiredService<IOptionsMonitor<GeneratorOptions>>().Get(key)));
    }

    /// <summary>Adds a health check that makes an image.</summary>
    /// <param name="builder">The application's checks.</param>
    /// <param name="key">The service's key; null is the one without.</param>
    public static IHealthChecksBuilder AddGanGenerator(this IHealthChecksBuilder builder, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            key ?? DefaultCheck,
            provider => new GeneratorHealthCheck(provider.GetRequiredKeyedService<GeneratorService>(key)),
            failureStatus: null,
            tags: null));
    }

    private static void Checked(OptionsBuilder<GeneratorOptions> builder)
    {
        builder.ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<GeneratorOptions>>(new Validation(builder.Name));
    }

    private sealed class Validation(string name) : IValidateOptions<GeneratorOptions>
    {
        public ValidateOptionsResult Validate(string? optionsName, GeneratorOptions options)
        {
            if (optionsName != name) return ValidateOptionsResult.Skip;
            string[] problems = [.. options.Problems()];
            return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
