using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Native;

/// <summary>The functions of native/gan_torch.cpp. Handles are pointers; -1 or null says that the call failed.</summary>
internal static unsafe class LibTorch
{
    private const string Library = "gantorch";

    static LibTorch()
    {
        NativeLibrary.SetDllImportResolver(typeof(LibTorch).Assembly, Resolve);
        // Some builds of libtorch start with one thread whatever the machine has.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")))
            _ = gan_set_num_threads(Environment.ProcessorCount);
    }

    /// <summary>GAN_NATIVE names another build of the native library than the one beside the assembly.</summary>
    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        string? path = Environment.GetEnvironmentVariable("GAN_NATIVE");
        return name == Library && !string.IsNullOrEmpty(path) ? NativeLibrary.Load(path) : IntPtr.Zero;
    }

    /// <summary>The last failure on this thread, with libtorch's text.</summary>
    internal static ExternalException Error() =>
        new(Marshal.PtrToStringUTF8(gan_last_error()) is { Length: > 0 } text ? text : "A call of libtorch failed.");

    internal static void Check(int status)
    {
        if (status < 0) throw Error();
    }

    internal static IntPtr Check(IntPtr handle) => handle == IntPtr.Zero ? throw Error() : handle;

    [DllImport(Library)] private static extern IntPtr gan_last_error();

    // Tensors. What only reads a field does not leave the garbage collector's cooperative mode.
    [DllImport(Library), SuppressGCTransition] internal static extern void gan_tensor_retain(IntPtr tensor);
    [DllImport(Library)] internal static extern void gan_tensor_release(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern long gan_tensor_dim(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern long gan_tensor_numel(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern int gan_tensor_dtype(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern long gan_tensor_element_size(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern int gan_tensor_device_type(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern int gan_tensor_device_index(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern int gan_tensor_is_contiguous(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern void gan_tensor_sizes(IntPtr tensor, long* sizes);
    [DllImport(Library), SuppressGCTransition] internal static extern void gan_tensor_strides(IntPtr tensor, long* strides);
    [DllImport(Library), SuppressGCTransition] internal static extern int gan_tensor_requires_grad(IntPtr tensor);
    [DllImport(Library)] internal static extern void* gan_tensor_data(IntPtr tensor);
    [DllImport(Library)] internal static extern int gan_tensor_is_leaf(IntPtr tensor);
    [DllImport(Library)] internal static extern int gan_tensor_set_requires_grad(IntPtr tensor, int value);
    [DllImport(Library)] internal static extern IntPtr gan_tensor_grad(IntPtr tensor);
    [DllImport(Library)] internal static extern int gan_tensor_set_grad(IntPtr tensor, IntPtr grad);

    // Operators.
    [DllImport(Library)] internal static extern IntPtr gan_operator(byte* name, byte* overload);
    [DllImport(Library)] internal static extern int gan_call(IntPtr op, Value* arguments, int count, Value* results, int room);
    [DllImport(Library)] internal static extern void gan_free(IntPtr memory);

    // Autograd.
    [DllImport(Library)]
    internal static extern int gan_backward(IntPtr* tensors, int count, IntPtr* grads, int retainGraph, int createGraph,
        IntPtr* inputs, int inputCount);

    [DllImport(Library)]
    internal static extern int gan_grad(IntPtr* outputs, int outputCount, IntPtr* inputs, int inputCount, IntPtr* gradOutputs,
        int retainGraph, int createGraph, int allowUnused, IntPtr* results);

    [DllImport(Library), SuppressGCTransition] internal static extern int gan_grad_mode();
    [DllImport(Library), SuppressGCTransition] internal static extern void gan_set_grad_mode(int enabled);
    [DllImport(Library)] internal static extern IntPtr gan_inference_begin(int enabled);
    [DllImport(Library)] internal static extern void gan_inference_end(IntPtr scope);

    // Random generators.
    [DllImport(Library)] internal static extern void gan_manual_seed(ulong seed);
    [DllImport(Library)] internal static extern IntPtr gan_default_generator(int deviceType, int deviceIndex);
    [DllImport(Library)] internal static extern IntPtr gan_new_generator(int deviceType, int deviceIndex, ulong seed);
    [DllImport(Library)] internal static extern void gan_generator_release(IntPtr generator);
    [DllImport(Library)] internal static extern int gan_generator_set_seed(IntPtr generator, ulong seed);
    [DllImport(Library)] internal static extern ulong gan_generator_initial_seed(IntPtr generator);
    [DllImport(Library)] internal static extern IntPtr gan_generator_state(IntPtr generator);
    [DllImport(Library)] internal static extern int gan_generator_set_state(IntPtr generator, IntPtr state);

    // Devices, threads, versions.
    [DllImport(Library)] internal static extern int gan_cuda_device_count();
    [DllImport(Library)] internal static extern int gan_cudnn_is_available();
    [DllImport(Library)] internal static extern int gan_cuda_synchronize(int index);
    [DllImport(Library)] internal static extern int gan_allow_tf32(int which);
    [DllImport(Library)] internal static extern int gan_set_allow_tf32(int which, int value);
    [DllImport(Library)] internal static extern int gan_num_threads();
    [DllImport(Library)] internal static extern int gan_set_num_threads(int count);
    [DllImport(Library)] internal static extern IntPtr gan_version();
}
