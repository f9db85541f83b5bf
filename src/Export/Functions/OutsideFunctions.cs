namespace GanPipeline.Export;

/// <summary>Functions that have no meaning in ONNX, or no operator, in groups by the reason.</summary>
internal static class OutsideFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        void Refuse(string section, string names, string why)
        {
            table.Section = section;
            table.Refuse(names, why);
        }

        Refuse("Random numbers",
            "rand randn randint randperm rand_like randn_like randint_like rand_out randn_out randint_out randperm_out normal " +
            "bernoulli multinomial poisson binomial uniform exponential cauchy geometric log_normal random _sample_dirichlet " +
            "_standard_gamma get_rng_state",
            "which draws random numbers in evaluation mode, too. Make them an input of forward(), or draw them only while training");
        Refuse("Complex numbers and Fourier transforms",
            "complex polar imag get_imag view_as_complex view_as_real cdouble cfloat stft istft fft fft2 fftn hfft hfft2 hfftn " +
            "ifft ifft2 ifftn ihfft ihfft2 ihfftn irfft irfft2 irfftn rfft rfft2 rfftn",
            "which is of complex numbers, which ONNX's operators do not take; compute real and imaginary part apart, by sines and cosines");
        Refuse("Decompositions and inverses of matrices",
            "cholesky cholesky_ex cholesky_inverse cholesky_solve eig eigh eigvals eigvalsh lstsq lu lu_factor lu_solve lu_unpack " +
            "ldl_factor ldl_factor_ex ldl_solve qr geqrf orgqr ormqr householder_product svd svdvals svd_lowrank pca_lowrank symeig " +
            "inv inv_ex inverse pinv pinverse solve solve_ex solve_triangular tensorinv tensorsolve matrix_exp matrix_rank cond",
            "for which ONNX has no operator; of parameters alone the result is a constant, and exported");
        Refuse("Special functions",
            "polygamma gammainc gammaincc igamma igammac erfcx zeta airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 spherical_bessel_j0 " +
            "modified_bessel_k0 modified_bessel_k1 scaled_modified_bessel_k0 scaled_modified_bessel_k1 chebyshev_polynomial_t " +
            "chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w shifted_chebyshev_polynomial_t " +
            "shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w hermite_polynomial_h " +
            "hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p",
            "for which ONNX has no operator; write out the approximation that the network needs, by products and sums");
        Refuse("Whole numbers, histograms and the rest",
            "gcd lcm nextafter frexp histc histogram gradient",
            "for which ONNX has no operator; write it out by functions that have one");
        Refuse("Quantized and sparse tensors",
            "quantize_per_tensor quantize_per_channel fake_quantize_per_tensor_affine fake_quantize_per_channel_affine dequantize " +
            "int_repr q_per_channel_scales q_per_channel_zero_points quantized_batch_norm quantized_max_pool1d quantized_max_pool2d " +
            "sparse sparse_coo_tensor to_sparse to_dense get_sparseindices get_sparsevalues",
            "which is of quantized or sparse tensors; export the network in float32, and quantize the file by ONNX Runtime's tools");
        Refuse("Memory, gradients and names",
            "as_strided empty_strided set unsafecreatetensor arange_out get_grad adaptive_avg_pool3d_backward avg_pool2d_backward " +
            "avg_pool3d_backward upsample_nearest1d_backward upsample_nearest2d_backward upsample_nearest3d_backward align_as " +
            "align_to rename refine_names bfloat16",
            "which is of a tensor's memory, gradient, names or device, and has no meaning in a file; leave it out of forward()");
        table.Section = "Element by element";
        // These hand on what they are given.
        table.Add("requires_grad with_requires_grad detachfromdisposescope detatchfromdisposescope movetootherdisposescope " +
            "movetoouterdisposescope wrappedtensordisposescope op_MinusMinusGreater", call => call.X);
    }
}
